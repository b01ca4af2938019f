import { z } from 'zod'
import { defaultArchiveNameTemplate } from '../borg/archive-name.ts'
import { compressionInput } from '../borg/compression.ts'
import { commentInput } from '../borg/create.ts'
import { optionsShape } from '../borg/options.ts'
import { patternsInput } from '../borg/patterns.ts'

/** What a backup is asked to do; stored in `Job.settings` and `BackupPlan.settings`. What older records lack has a default. */
export const backupSettings = z.object({
  /** Absolute paths. */
  sources: z.array(z.string()).min(1),
  compression: compressionInput.default({ algorithm: 'LZ4', level: null, isAuto: false, obfuscation: null }),
  /** A template. One that may not be given any more is still read: what it makes is looked at when a job runs. */
  archiveName: z.string().default(defaultArchiveNameTemplate),
  patterns: patternsInput.default([]),
  ...optionsShape,
  comment: commentInput,
})

export type BackupSettings = z.output<typeof backupSettings>
export type CompressionSettings = BackupSettings['compression']
export type PatternSettings = BackupSettings['patterns'][number]
