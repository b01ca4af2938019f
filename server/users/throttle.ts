import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { TooManyAttempts } from './problems.ts'

/** Slows guessing down. An attempt counts before it is looked at, so that many at once count as many. */
export interface Throttle {
  /** Counts an attempt on an account from an address. Throws `TooManyAttempts`. */
  count(account: string, address: string): Promise<void>
  /** Takes a successful attempt back: the account starts anew, the address gets its one attempt again. */
  forgive(account: string, address: string): Promise<void>
}

const windowSeconds = 15 * 60

/** 10 failed attempts for an account and 30 from an address in 15 minutes; kept in memory. */
export const createThrottle = (): Throttle => {
  const addresses = new RateLimiterMemory({ points: 30, duration: windowSeconds })
  const accounts = new RateLimiterMemory({ points: 10, duration: windowSeconds })

  const consume = async (limiter: RateLimiterMemory, key: string) => {
    try {
      await limiter.consume(key)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      throw new TooManyAttempts(Math.max(1, Math.ceil(error.msBeforeNext / 1000)))
    }
  }

  return {
    count: async (account, address) => {
      await consume(addresses, address)
      await consume(accounts, account)
    },
    forgive: async (account, address) => {
      await accounts.delete(account)
      await addresses.reward(address)
    },
  }
}
