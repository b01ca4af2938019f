import { z } from 'zod'
import type { Command } from '../process/command.ts'
import { archiveLocation, escapePlaceholders } from './archive-name.ts'
import { borgCommand } from './command.ts'
import { type BorgCompression, compressionSpec } from './compression.ts'
import type { BorgEvent } from './messages.ts'
import { type BackupOptions, optionArguments } from './options.ts'
import { leaveOut, type Pattern, patternArguments } from './patterns.ts'
import type { BorgRepository } from './repository.ts'
import { borgTime } from './time.ts'

/** What is backed up and what is not. */
export interface Selection extends Partial<BackupOptions> {
  /** Absolute paths. */
  readonly sources: readonly string[]
  readonly patterns?: readonly Pattern[]
  /** Absolute paths that are left out with all that is in them, whatever the patterns say. */
  readonly leftOut?: readonly string[]
}

export interface CreateOptions extends Selection {
  readonly archiveName: string
  readonly compression: BorgCompression
  readonly comment: string
}

/** The text that is kept with an archive, as a person writes it. */
export const commentInput = z
  .string()
  .max(1000, 'must not be longer than 1000 characters')
  .refine((comment) => !comment.includes('\0'), 'must not contain NUL')
  .refine((comment) => comment.isWellFormed(), 'must be Unicode text')
  .default('')

/** What decides about files; a dry run takes the same. */
export const selectionArguments = ({ patterns = [], leftOut = [], ...options }: Selection): string[] => [
  ...optionArguments(options, { isSelection: true }),
  ...patternArguments([...patterns, ...leftOut.map(leaveOut)]),
]

/** `borg create`, with progress, the list of files, and the archive's figures as JSON on standard output. */
export const create = (repository: BorgRepository, options: CreateOptions): Command<BorgEvent> => {
  const { archiveName, compression, comment, sources } = options
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
      ...optionArguments(options, { isSelection: false }),
      ...selectionArguments(options),
    ],
    [archiveLocation(repository, archiveName), ...sources],
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
