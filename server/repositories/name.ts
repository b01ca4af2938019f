import { z } from 'zod'

/** A name that a person gives to a repository or a plan. */
export const nameInput = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(100, 'is longer than 100 characters')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'must be Unicode text')
