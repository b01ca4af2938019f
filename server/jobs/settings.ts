import { z } from 'zod'

/** How an archive's chunks are compressed. */
export const compressionSettings = z
  .object({
    algorithm: z.enum(['NONE', 'LZ4', 'ZSTD', 'ZLIB', 'LZMA']),
    level: z
      .number()
      .int()
      .nullish()
      .transform((level) => level ?? null),
    isAuto: z.boolean().default(false),
  })
  .superRefine(({ algorithm, level, isAuto }, context) => {
    const refuse = (message: string, path: string) => context.addIssue({ code: 'custom', message, path: [path] })
    const [lowest, highest] = { NONE: [], LZ4: [], ZSTD: [1, 22], ZLIB: [0, 9], LZMA: [0, 9] }[algorithm]
    if (level !== null && lowest === undefined) refuse(`${algorithm} has no levels`, 'level')
    if (level !== null && lowest !== undefined && highest !== undefined && (level < lowest || level > highest)) {
      refuse(`${algorithm} has the levels ${lowest} to ${highest}`, 'level')
    }
    if (isAuto && algorithm === 'NONE') refuse('there is nothing to decide without compression', 'isAuto')
  })

export type CompressionSettings = z.output<typeof compressionSettings>

/** What a backup is asked to do; stored in `Job.settings`. */
export const backupSettings = z.object({
  /** Absolute paths. */
  sources: z.array(z.string()).min(1),
  compression: compressionSettings,
  comment: z.string(),
})

export type BackupSettings = z.output<typeof backupSettings>
