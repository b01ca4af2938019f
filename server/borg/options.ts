import { z } from 'zod'
import { hiddenProblem } from '../text.ts'

/**
 * An option of `borg create` that a person may choose, said once: what is said to borg, what is refused, the fields of the
 * API and what is stored with a plan or a job all follow from it.
 */
export interface BorgOption<Schema extends z.ZodType = z.ZodType> {
  /** What its values are, for who offers a field for it. */
  readonly kind: 'FLAG' | 'NUMBER' | 'NAMES' | 'CHOICE'
  /** Of a `CHOICE`: what the API calls it, and what there is to choose. */
  readonly choices?: { readonly name: string; readonly description: string; readonly values: Choices }
  /** What is taken, and what is stored. What is left out, or what older records lack, has a default. */
  readonly schema: Schema
  /** How it is said to borg. */
  argv(value: z.output<Schema>): readonly string[]
  /** What it is, for the API, as a sentence. */
  readonly description: string
  /** The same for who chooses it, with its bounds and its default. */
  readonly inputDescription: string
  /** Whether it decides which files are taken: a dry run is told too. */
  readonly isSelection: boolean
  /** The first version of borg that knows it. */
  readonly since: '1.2' | '1.4'
}

/** By its name in the API what borg calls a choice, and what it means. */
type Choices = Readonly<Record<string, { readonly borg: string; readonly description: string }>>

/** What most options are: known to all borgs that Borgitory works with, and of no interest to a dry run. */
const usual = { isSelection: false, since: '1.2' } as const

type Rest = Partial<Pick<BorgOption, 'isSelection' | 'since' | 'inputDescription'>>

/** Something that is done or not. The description begins with “Whether”, and has no end; `more` are sentences after it. */
const flag = (
  argv: string | readonly string[],
  description: string,
  { more, ...rest }: Rest & { readonly more?: string } = {},
) =>
  ({
    ...usual,
    kind: 'FLAG' as const,
    schema: z.boolean().default(false),
    argv: (isSet: boolean) => (isSet ? [argv].flat() : []),
    description: `${description}.${more === undefined ? '' : ` ${more}`}`,
    inputDescription: `${description}; false where this is left out.${more === undefined ? '' : ` ${more}`}`,
    ...rest,
  }) satisfies BorgOption

/** A whole number; null where it is left out. */
const number = (
  name: string,
  schema: z.ZodNumber,
  descriptions: Pick<BorgOption, 'description' | 'inputDescription'>,
  rest: Rest = {},
) =>
  ({
    ...usual,
    kind: 'NUMBER' as const,
    schema: schema.nullish().transform((value) => value ?? null),
    argv: (value: number | null) => (value === null ? [] : [name, String(value)]),
    ...descriptions,
    ...rest,
  }) satisfies BorgOption

/** Why a text is no name of a file; null where it is. */
const nameProblem = (text: string): string | null => {
  if (text === '.' || text === '..') return 'must be the name of a file'
  if (text.includes('/')) return 'must be a name without slashes'
  if (Buffer.byteLength(text) > 255) return 'must not be longer than 255 bytes'
  return hiddenProblem(text)
}

/** Names of files or folders, as they are found in any folder. */
const names = (name: string, descriptions: Pick<BorgOption, 'description' | 'inputDescription'>, rest: Rest = {}) =>
  ({
    ...usual,
    kind: 'NAMES' as const,
    schema: z
      .array(
        z.string().superRefine((text, context) => {
          const message = nameProblem(text)
          if (message !== null) context.addIssue({ code: 'custom', message })
        }),
      )
      .max(20, 'are more than 20')
      .transform((texts) => [...new Set(texts)])
      .default([]),
    argv: (values: readonly string[]) => values.map((value) => `${name}=${value}`),
    ...descriptions,
    ...rest,
  }) satisfies BorgOption

/** One of several; null where it is left out. */
const choice = <Values extends Choices>(
  name: string,
  choices: { readonly name: string; readonly description: string; readonly values: Values },
  descriptions: Pick<BorgOption, 'description' | 'inputDescription'>,
  rest: Rest = {},
) =>
  ({
    ...usual,
    kind: 'CHOICE' as const,
    choices,
    schema: z
      .enum(Object.keys(choices.values) as (keyof Values & string)[])
      .nullish()
      .transform((value) => value ?? null),
    argv: (value: (keyof Values & string) | null) =>
      value === null ? [] : [name, choices.values[value]?.borg ?? value],
    ...descriptions,
    ...rest,
  }) satisfies BorgOption

/** The options that there are, by their keys in the API and in what is stored (docs: borg create). */
export const backupOptions = {
  excludeCaches: flag('--exclude-caches', 'Whether folders that hold a `CACHEDIR.TAG` are left out', {
    isSelection: true,
  }),
  // The folder that another file system is mounted on is taken, and nothing of what is in it.
  oneFileSystem: flag('--one-file-system', 'Whether what is on other file systems than a source is left out', {
    isSelection: true,
  }),
  numericIds: flag('--numeric-ids', 'Whether users and groups are stored as numbers only, without their names', {
    inputDescription: 'Whether users and groups are stored as numbers only; false where this is left out.',
  }),
  checkpointInterval: number(
    '--checkpoint-interval',
    z.number().int().min(0, 'must not be negative').max(86_400, 'must not be longer than a day (86400 seconds)'),
    {
      description: 'Seconds between checkpoints; 0 for none, null for borg’s own 1800.',
      inputDescription: 'Seconds between checkpoints: up to 86400, 0 for none; borg’s own 1800 where it is left out.',
    },
  ),
  // Borg heeds it only where the repository is on another machine.
  uploadLimit: number(
    '--upload-ratelimit',
    z
      .number()
      .int()
      .min(1, 'must be at least 1 KiB a second')
      .max(10_000_000, 'must not be more than 10000000 KiB a second'),
    {
      description: 'KiB a second that go to a repository on another machine; null for no limit.',
      inputDescription: 'KiB a second that go to a repository on another machine; no limit where it is left out.',
    },
  ),
  excludeIfPresent: names(
    '--exclude-if-present',
    {
      description: 'Names of files or folders: a folder that holds one of them is left out.',
      inputDescription:
        'Names of files or folders, up to 20: a folder that holds one of them is left out. None where this is left out.',
    },
    { isSelection: true },
  ),
  excludeNodump: flag('--exclude-nodump', 'Whether what has the flag `nodump` (`chattr +d`) is left out', {
    isSelection: true,
  }),
  // `--noatime` is what borg does since 1.2 anyway.
  atime: flag('--atime', 'Whether it is stored when files were last read'),
  noCtime: flag('--noctime', 'Whether it is not stored when files’ owners, rights and the like were last changed'),
  noBirthtime: flag('--nobirthtime', 'Whether it is not stored when files were made, where the system tells that'),
  noXattrs: flag('--noxattrs', 'Whether extended attributes are neither read nor stored'),
  noAcls: flag('--noacls', 'Whether access control lists are neither read nor stored'),
  noFlags: flag('--noflags', 'Whether flags of files, such as `immutable`, are neither read nor stored'),
  // Borg finds holes only where it cuts files into blocks of one length.
  sparse: flag(
    ['--sparse', '--chunker-params', 'fixed,4194304'],
    'Whether holes in files are skipped instead of read, as in images of disks',
    {
      more: 'Files are cut into blocks of 4 MiB then, which have nothing in common with archives made otherwise.',
    },
  ),
  readSpecial: flag(
    '--read-special',
    'Whether block devices are read as if they were files, and links to them followed',
    {
      more: 'Sources are block devices and regular files then: in a folder borg would also read FIFOs, and never end.',
    },
  ),
  filesCache: choice(
    '--files-cache',
    {
      name: 'FilesCache',
      description: 'By what borg tells that a file has not changed since the last backup, so that it need not be read.',
      values: {
        CTIME_SIZE_INODE: { borg: 'ctime,size,inode', description: 'Time of change, size and inode: borg’s own.' },
        MTIME_SIZE_INODE: { borg: 'mtime,size,inode', description: 'Time of modification, size and inode.' },
        CTIME_SIZE: {
          borg: 'ctime,size',
          description: 'Time of change and size: for network shares, whose inodes change.',
        },
        MTIME_SIZE: {
          borg: 'mtime,size',
          description: 'Time of modification and size: any program can set that time.',
        },
        RECHUNK_CTIME: {
          borg: 'rechunk,ctime',
          description: 'All files are read; the time of change is noted for later backups.',
        },
        RECHUNK_MTIME: {
          borg: 'rechunk,mtime',
          description: 'All files are read; the time of modification is noted for later backups.',
        },
        DISABLED: { borg: 'disabled', description: 'All files are read, and nothing is noted.' },
      },
    },
    {
      description: 'By what borg tells unchanged files; null for its own `CTIME_SIZE_INODE`.',
      inputDescription: 'By what borg tells unchanged files; its own `CTIME_SIZE_INODE` where it is left out.',
    },
  ),
}

type Declared = typeof backupOptions

export type OptionKey = keyof Declared

/** The options that a backup is asked for, each with a value. */
export type BackupOptions = { readonly [Key in OptionKey]: z.output<Declared[Key]['schema']> }

/** The parts of an object's schema. */
export const optionsShape = Object.fromEntries(
  Object.entries(backupOptions).map(([key, { schema }]) => [key, schema]),
) as { [Key in OptionKey]: Declared[Key]['schema'] }

/** How options are said to borg, those that decide about files or the others; what is not chosen is not said. */
export const optionArguments = (chosen: Partial<BackupOptions>, are: { readonly isSelection: boolean }): string[] =>
  Object.entries<BorgOption>(backupOptions).flatMap(([key, { argv, isSelection }]) => {
    const value = chosen[key as OptionKey]
    return value === undefined || isSelection !== are.isSelection ? [] : argv(value)
  })
