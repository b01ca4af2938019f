import { z } from 'zod'
import type { Command } from '../process/command.ts'
import { archiveLocation, escapePlaceholders } from './archive-name.ts'
import { borgCommand } from './command.ts'
import { type BorgCompression, compressionSpec } from './compression.ts'
import type { BorgEvent } from './messages.ts'
import { leaveOut, type Pattern, patternArguments, patternsInput } from './patterns.ts'
import type { BorgRepository } from './repository.ts'
import { borgTime } from './time.ts'

/** What is backed up and what is not. */
export interface Selection {
  /** Absolute paths. */
  readonly sources: readonly string[]
  readonly patterns?: readonly Pattern[]
  /** Leaves out folders that hold a `CACHEDIR.TAG`. */
  readonly excludeCaches?: boolean
  /** Takes the folder that another file system is mounted on, and nothing of what is in it. */
  readonly oneFileSystem?: boolean
  /** Absolute paths that are left out with all that is in them, whatever the patterns say. */
  readonly leftOut?: readonly string[]
}

export interface CreateOptions extends Selection {
  readonly archiveName: string
  readonly compression: BorgCompression
  readonly comment: string
  /** Stores the numbers of users and groups without their names. */
  readonly numericIds?: boolean
  /** Seconds between checkpoints; 0 for none, null for borg's own 1800. */
  readonly checkpointInterval?: number | null
  /** KiB a second, which borg heeds only where the repository is on another machine; null for no limit. */
  readonly uploadLimit?: number | null
}

/** The options of a backup that a person chooses, other than sources, compression and the archive's name. */
export const createInput = z.object({
  patterns: patternsInput.default([]),
  excludeCaches: z.boolean().default(false),
  oneFileSystem: z.boolean().default(false),
  numericIds: z.boolean().default(false),
  checkpointInterval: z
    .number()
    .int()
    .min(0, 'must not be negative')
    .max(86_400, 'must not be longer than a day (86400 seconds)')
    .nullish()
    .transform((seconds) => seconds ?? null),
  uploadLimit: z
    .number()
    .int()
    .min(1, 'must be at least 1 KiB a second')
    .max(10_000_000, 'must not be more than 10000000 KiB a second')
    .nullish()
    .transform((limit) => limit ?? null),
  comment: z
    .string()
    .max(1000, 'must not be longer than 1000 characters')
    .refine((comment) => !comment.includes('\0'), 'must not contain NUL')
    .refine((comment) => comment.isWellFormed(), 'must be Unicode text')
    .default(''),
})

/** The options that decide about files; a dry run takes the same ones. */
export const selectionOptions = ({
  patterns = [],
  excludeCaches,
  oneFileSystem,
  leftOut = [],
}: Selection): string[] => [
  ...(excludeCaches ? ['--exclude-caches'] : []),
  ...(oneFileSystem ? ['--one-file-system'] : []),
  ...patternArguments([...patterns, ...leftOut.map(leaveOut)]),
]

/** `borg create`, with progress, the list of files, and the archive's figures as JSON on standard output. */
export const create = (repository: BorgRepository, options: CreateOptions): Command<BorgEvent> => {
  const { archiveName, compression, comment, numericIds, checkpointInterval = null, uploadLimit = null } = options
  return borgCommand(
    repository,
    ['create'],
    [
      '--json',
      '--progress',
      '--list',
      '--compression',
      compressionSpec(compression),
      ...(comment === '' ? [] : [`--comment=${escapePlaceholders(comment)}`]),
      ...(numericIds ? ['--numeric-ids'] : []),
      ...(checkpointInterval === null ? [] : ['--checkpoint-interval', String(checkpointInterval)]),
      ...(uploadLimit === null ? [] : ['--upload-ratelimit', String(uploadLimit)]),
      ...selectionOptions(options),
    ],
    [archiveLocation(repository, archiveName), ...options.sources],
  )
}

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
