import { z } from 'zod'
import { HookMoment } from '../../prisma/generated/client/enums.ts'

/** What a task of kind `HOOK` is asked to do; stored in `Task.settings`. */
export const hookSettings = z.object({
  name: z.string(),
  moment: z.enum(HookMoment),
  /** What `/bin/sh -c` is given. */
  command: z.string(),
  /** Absolute path; null for a folder of its own that is removed afterwards. */
  workingFolder: z.string().nullable(),
  /** A JSON object of variables, sealed for `hookPurpose`; null for none. */
  environmentSealed: z.string().nullable(),
  /** The hook that the environment was sealed for. */
  hookId: z.string(),
})

export type HookSettings = z.output<typeof hookSettings>

/** What the environment of a hook is sealed for. */
export const hookPurpose = (hookId: string) => `hook:${hookId}:environment`
