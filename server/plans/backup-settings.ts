import { z } from 'zod'
import { mergedShape } from './merged.ts'
import { settingsSections } from './sections/index.ts'

/** What a backup is asked to do; stored in `Job.settings` and `BackupPlan.settings`. What older records lack has a default. */
export const backupSettings = z.object(mergedShape(settingsSections.map(({ stored }) => stored)))

export type BackupSettings = z.output<typeof backupSettings>
