import { z } from 'zod'
import { HookMoment, RepositoryDoubt } from '../../prisma/generated/client/enums.ts'
import { defaultArchiveNameTemplate } from '../borg/archive-name.ts'
import { compressionInput } from '../borg/compression.ts'
import { createInput } from '../borg/create.ts'

/** What a backup is asked to do; stored in `Job.settings` and `BackupPlan.settings`. What older records lack has a default. */
export const backupSettings = z.object({
  /** Absolute paths. */
  sources: z.array(z.string()).min(1),
  compression: compressionInput.default({ algorithm: 'LZ4', level: null, isAuto: false, obfuscation: null }),
  /** A template. One that may not be given any more is still read: what it makes is looked at when a job runs. */
  archiveName: z.string().default(defaultArchiveNameTemplate),
  ...createInput.shape,
})

/** Sources in the order in which they can be compared. */
export const sortedSources = (sources: readonly string[]): string[] => [...sources].sort()

export type BackupSettings = z.output<typeof backupSettings>
export type CompressionSettings = BackupSettings['compression']
export type PatternSettings = BackupSettings['patterns'][number]

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

export type AcceptSettings = z.output<typeof acceptSettings>

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
