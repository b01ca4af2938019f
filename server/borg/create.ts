import { z } from 'zod'
import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'
import { borgTime } from './time.ts'

export interface BorgCompression {
  readonly algorithm: 'none' | 'lz4' | 'zstd' | 'zlib' | 'lzma'
  /** Only zstd (1–22), zlib (0–9) and lzma (0–9) have levels; null for borg's own default. */
  readonly level: number | null
  /** Tries each chunk with lz4 first and leaves it as it is where that gains nothing. */
  readonly isAuto: boolean
}

/** Borg's notation: `auto,zstd,10` (docs: borg help compression). */
export const compressionSpec = ({ algorithm, level, isAuto }: BorgCompression) =>
  [isAuto && 'auto', algorithm, level !== null && String(level)].filter(Boolean).join(',')

export interface CreateOptions {
  readonly archiveName: string
  /** Absolute paths. */
  readonly sources: readonly string[]
  readonly compression: BorgCompression
  readonly comment: string
}

/** `borg create`, with progress, the list of files, and the archive's figures as JSON on standard output. */
export const create = (repository: BorgRepository, { archiveName, sources, compression, comment }: CreateOptions) =>
  borgCommand(
    repository,
    ['create'],
    [
      '--json',
      '--progress',
      '--list',
      '--compression',
      compressionSpec(compression),
      ...(comment === '' ? [] : [`--comment=${comment}`]),
    ],
    [`${repository.location}::${archiveName}`, ...sources],
  )

/** The JSON that `borg create --json` prints: the new archive, and the whole repository after it. Sizes in bytes. */
export const createResult = z
  .object({
    archive: z.object({
      id: z.string(),
      name: z.string(),
      start: borgTime,
      end: borgTime,
      stats: z.object({
        original_size: z.number(),
        compressed_size: z.number(),
        deduplicated_size: z.number(),
        nfiles: z.number(),
      }),
    }),
    cache: z.object({
      stats: z.object({ total_size: z.number(), total_csize: z.number(), unique_csize: z.number() }),
    }),
  })
  .transform(({ archive, cache }) => ({
    archive: {
      borgId: archive.id,
      name: archive.name,
      startedAt: archive.start,
      finishedAt: archive.end,
      originalSize: BigInt(archive.stats.original_size),
      compressedSize: BigInt(archive.stats.compressed_size),
      deduplicatedSize: BigInt(archive.stats.deduplicated_size),
      fileCount: archive.stats.nfiles,
    },
    repository: {
      originalSize: BigInt(cache.stats.total_size),
      compressedSize: BigInt(cache.stats.total_csize),
      deduplicatedSize: BigInt(cache.stats.unique_csize),
    },
  }))

export type CreateResult = z.output<typeof createResult>
