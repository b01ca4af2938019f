import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { customerOf } from '../ip-addresses.ts'
import { TooManyAttempts } from './problems.ts'

/** Somebody who says that they are the owner of an account, or of the set-up token. */
export interface Attempt {
  /** The IP address that they ask from. */
  readonly address: string
  /** The account; null where it is the set-up token that is guessed. */
  readonly account: string | null
  /** What a browser is told by that this account was signed in to from before; null for all others. */
  readonly device: string | null
}

/** Slows guessing down. An attempt counts before it is looked at, so that many at once count as many. */
export interface Throttle {
  /** Counts an attempt. Throws `TooManyAttempts`. */
  count(attempt: Attempt): Promise<void>
  /** Takes a successful attempt back: what it was counted for alone starts anew, the address gets its one attempt again. */
  forgive(attempt: Attempt): Promise<void>
  /** Counts an API token that was wrong; those that are right never are. Throws `TooManyAttempts`. */
  countToken(address: string): Promise<void>
}

const windowSeconds = 15 * 60

/**
 * Failed attempts in 15 minutes: 10 for an account and 30 from an address (of IPv6: from a /64), 10 for the set-up token
 * from an address, and 10 from a browser that is known. That one counts by itself alone: whatever others
 * guess, the owner of the account is not locked out there. Wrong API tokens count by themselves, 30 from an address: they
 * keep nobody from signing in, and no right one from being used. Kept in memory.
 */
export const createThrottle = (): Throttle => {
  const limit = (points: number) => new RateLimiterMemory({ points, duration: windowSeconds })
  const addresses = limit(30)
  const accounts = limit(10)
  const setUps = limit(10)
  const devices = limit(10)
  const tokens = limit(30)

  const consume = async (limiter: RateLimiterMemory, key: string) => {
    try {
      await limiter.consume(key)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      throw new TooManyAttempts(Math.max(1, Math.ceil(error.msBeforeNext / 1000)))
    }
  }

  /** What an attempt alone counts for. */
  const ownLimit = ({ account, address, device }: Attempt): [RateLimiterMemory, string] => {
    if (device !== null) return [devices, device]
    return account === null ? [setUps, customerOf(address)] : [accounts, account]
  }

  return {
    count: async (attempt) => {
      if (attempt.device === null) await consume(addresses, customerOf(attempt.address))
      await consume(...ownLimit(attempt))
    },
    forgive: async (attempt) => {
      const [limiter, key] = ownLimit(attempt)
      await limiter.delete(key)
      if (attempt.device === null) await addresses.reward(customerOf(attempt.address))
    },
    countToken: (address) => consume(tokens, customerOf(address)),
  }
}
