import { hash, verify } from '@node-rs/argon2'
import pLimit from 'p-limit'
import { TooManyAttempts } from './problems.ts'

/** Argon2id (the library's default) with OWASP's memory and one pass more than it asks for. `memoryCost` is in KiB. */
const cost = { memoryCost: 19_456, timeCost: 3, parallelism: 1 }

/** How many hashes may wait in a lane: they are looked at within a few seconds. */
const longestQueue = 60

/** Seconds that it takes until a full lane has room again, roughly. */
const retryAfter = 5

/** Does so many at a time. Throws `TooManyAttempts` where too many wait. */
const createLane = (atATime: number) => {
  const limit = pLimit(atATime)
  return <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (limit.pendingCount >= longestQueue) throw new TooManyAttempts(retryAfter)
    return limit(task)
  }
}

/**
 * A hash takes one of the four threads that all files are read and written in, for a tenth of a second. So few are made
 * at a time, and whoever has shown that they are no stranger does not wait behind a crowd of those.
 */
const lanes = { strangers: createLane(2), known: createLane(1) }

/** Who asks for a hash. */
export type Lane = keyof typeof lanes

/** The password as an Argon2id hash, in PHC string format. Throws `TooManyAttempts` where too many ask at once. */
export const hashPassword = async (password: string, lane: Lane = 'strangers'): Promise<string> =>
  lanes[lane](() => hash(password, cost))

/**
 * Whether the password belongs to the hash. Without a hash it takes as long, so that time does not tell who exists.
 * Throws `TooManyAttempts` where too many ask at once.
 */
export const isPasswordOf = async (
  passwordHash: string | undefined,
  password: string,
  lane: Lane = 'strangers',
): Promise<boolean> => {
  if (passwordHash !== undefined) return lanes[lane](() => verify(passwordHash, password))
  await hashPassword(password, lane)
  return false
}
