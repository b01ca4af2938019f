import { z } from 'zod'

export interface BorgCompression {
  readonly algorithm: 'none' | 'lz4' | 'zstd' | 'zlib' | 'lzma'
  /** Only zstd (1–22), zlib (0–9) and lzma (0–9) have levels; null for borg's own default. */
  readonly level: number | null
  /** Tries each chunk with lz4 first and leaves it as it is where that gains nothing. */
  readonly isAuto: boolean
  /** How the sizes of the stored chunks are hidden: 1–6 or 110–123 in borg's words; null or none: not at all. */
  readonly obfuscation?: number | null
}

/** Borg's notation: `obfuscate,110,auto,zstd,10` (docs: borg help compression). */
export const compressionSpec = ({ algorithm, level, isAuto, obfuscation = null }: BorgCompression): string =>
  [obfuscation !== null && `obfuscate,${obfuscation}`, isAuto && 'auto', algorithm, level !== null && String(level)]
    .filter(Boolean)
    .join(',')

const levels = { NONE: null, LZ4: null, ZSTD: [1, 22], ZLIB: [0, 9], LZMA: [0, 9] } as const

/**
 * Compression as the API says it. Obfuscation only makes sense in an encrypted repository, which is for the caller to
 * see to.
 */
export const compressionInput = z
  .object({
    algorithm: z.enum(['NONE', 'LZ4', 'ZSTD', 'ZLIB', 'LZMA']),
    level: z
      .number()
      .int()
      .nullish()
      .transform((level) => level ?? null),
    isAuto: z.boolean().default(false),
    obfuscation: z
      .number()
      .int()
      .nullish()
      .transform((obfuscation) => obfuscation ?? null),
  })
  .superRefine(({ algorithm, level, isAuto, obfuscation }, context) => {
    const refuse = (message: string, path: string) => context.addIssue({ code: 'custom', message, path: [path] })
    const range = levels[algorithm]
    if (level !== null && range === null) refuse(`${algorithm} has no levels`, 'level')
    if (level !== null && range !== null && (level < range[0] || level > range[1])) {
      refuse(`${algorithm} has the levels ${range[0]} to ${range[1]}`, 'level')
    }
    if (isAuto && algorithm === 'NONE') refuse('there is nothing to decide without compression', 'isAuto')
    const isKnown =
      obfuscation === null || (obfuscation >= 1 && obfuscation <= 6) || (obfuscation >= 110 && obfuscation <= 123)
    if (!isKnown) refuse('must be 1 to 6 (a random factor) or 110 to 123 (a random padding)', 'obfuscation')
  })

export type CompressionInput = z.output<typeof compressionInput>

/** The same in borg's words. */
export const borgCompression = ({ algorithm, ...rest }: CompressionInput): BorgCompression => ({
  algorithm: algorithm.toLowerCase() as Lowercase<typeof algorithm>,
  ...rest,
})
