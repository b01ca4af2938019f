import { z } from 'zod'

/**
 * An option of `borg create` that a person may choose, said once: what is said to borg, what is refused, the fields of the
 * API and what is stored with a plan or a job all follow from it.
 */
export interface BorgOption<Schema extends z.ZodType = z.ZodType> {
  /** What its values are, for who offers a field for it. */
  readonly kind: 'FLAG' | 'NUMBER'
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

/** What most options are: known to all borgs that Borgitory works with, and of no interest to a dry run. */
const usual = { isSelection: false, since: '1.2' } as const

type Rest = Partial<Pick<BorgOption, 'isSelection' | 'since' | 'inputDescription'>>

/** Something that is done or not. The description begins with “Whether”, and has no end. */
const flag = (name: string, description: string, rest: Rest = {}) =>
  ({
    ...usual,
    kind: 'FLAG' as const,
    schema: z.boolean().default(false),
    argv: (isSet: boolean) => (isSet ? [name] : []),
    description: `${description}.`,
    inputDescription: `${description}; false where this is left out.`,
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
