import { createHash, randomBytes } from 'node:crypto'

const day = 24 * 60 * 60 * 1000

/** For how many milliseconds a session lives on after it was used. */
const idleLifetime = 30 * day

/** Milliseconds between two notes of a session's use: reading must not cost a write each time. */
const useInterval = 5 * 60 * 1000

/** A token that cannot be guessed: 32 random bytes as base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token. A plain SHA-256 is enough for what is random and long. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** When a session ends that is used now. */
export const expiryFrom = (now: Date): Date => new Date(now.getTime() + idleLifetime)

/** Whether the use of a session should be written down again. */
export const isUseStale = (lastUsedAt: Date, now: Date): boolean => now.getTime() - lastUsedAt.getTime() >= useInterval
