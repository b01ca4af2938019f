import { z } from 'zod'
import { RepositoryDoubt } from '../../prisma/generated/client/enums.ts'

/** What a person has said of a repository that is imported; stored in `Job.settings`, of which older records are empty. */
export const importSettings = z.object({
  /** That borg here may know it from another path. */
  isMoved: z.boolean().default(false),
})

export type ImportSettings = z.output<typeof importSettings>

/** What a person has confirmed of what is at a repository's place; stored in `Job.settings`. */
export const acceptSettings = z.object({
  /** Why it was in doubt. */
  doubt: z.enum(RepositoryDoubt),
  /** Borg's id of what is there. */
  borgId: z.string(),
})
