import { z } from 'zod'
import { hiddenProblem } from '../text.ts'

/** A name that a person gives to a repository, a plan, a schedule or a hook. */
export const nameInput = z
  .string()
  .trim()
  .min(1, { error: 'is missing', abort: true })
  .max(100, { error: 'is longer than 100 characters', abort: true })
  .superRefine((name, context) => {
    const message = hiddenProblem(name)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
