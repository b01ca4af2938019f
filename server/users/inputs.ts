import { z } from 'zod'

export const username = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'has 1 to 64 letters, digits, dots, underscores or dashes')
  .toLowerCase()

/** A limit, so that hashing cannot be made to take long. */
export const longestPassword = 1024

/** A password that somebody says is theirs. */
export const givenPassword = z.string().max(longestPassword, 'is too long')

/** A password that is to hold from now on. */
export const newPassword = z.string().min(12, 'has 12 characters or more').max(longestPassword, 'is too long')
