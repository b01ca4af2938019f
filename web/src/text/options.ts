import type { BackupSettingsPartsFragment } from '../api/gql/graphql.ts'
import { sayDuration } from './times.ts'

/** The options of a backup: all that it is asked to do, but for what has fields of its own. */
export type Options = Omit<
  BackupSettingsPartsFragment,
  'sources' | 'patterns' | 'compression' | 'archiveName' | 'comment'
>

export type OptionKey = keyof Options

/** Where in the editor of a plan an option stands. */
export type OptionPlace = 'folders' | 'archives' | 'running' | 'more'

interface Words {
  /** What it is called on the page, and in what is said of it. */
  readonly label: string
  readonly hint: string
  readonly place: OptionPlace
}

interface Flag extends Words {
  readonly kind: 'flag'
  /** What a backup does that is asked for it. */
  readonly sentence: string
}

interface Amount extends Words {
  /** A number, or seconds. */
  readonly kind: 'number' | 'duration'
  readonly unit?: string
  readonly least: number
  /** What stands in the field while it is empty. */
  readonly placeholder: string
  readonly say: (value: number) => string
}

/** Names of files, one a line. */
interface Names extends Words {
  readonly kind: 'names'
  readonly say: (names: readonly string[]) => string
}

interface Choice<Value extends string> extends Words {
  readonly kind: 'choice'
  /** What there is to choose, with what each is called. */
  readonly words: Readonly<Record<Value, string>>
  /** What it is called where none is chosen. */
  readonly usual: string
  readonly say: (word: string) => string
}

type OptionOf<Value> = [Value] extends [boolean]
  ? Flag
  : [Value] extends [number | null]
    ? Amount
    : [Value] extends [readonly string[]]
      ? Names
      : [Value] extends [string | null]
        ? Choice<NonNullable<Value>>
        : never

/** The words for each option; how its field looks and what it says to the server follow from its kind. */
export const options: { readonly [Key in OptionKey]: OptionOf<Options[Key]> } = {
  excludeCaches: {
    kind: 'flag',
    label: 'Leave out caches',
    hint: 'Folders that programs have marked with a CACHEDIR.TAG.',
    place: 'folders',
    sentence: 'Leaves out folders that are marked as caches.',
  },
  oneFileSystem: {
    kind: 'flag',
    label: 'Stay on one file system',
    hint: 'Leaves out what is mounted below a folder, such as other disks and network shares.',
    place: 'folders',
    sentence: 'Leaves out what is mounted below a folder.',
  },
  numericIds: {
    kind: 'flag',
    label: 'Store owners as numbers only',
    hint: 'For machines that do not know each other’s users: leaves the names of users and groups out.',
    place: 'archives',
    sentence: 'Stores owners as numbers only.',
  },
  checkpointInterval: {
    kind: 'duration',
    label: 'Checkpoint every',
    hint: 'What is kept of a backup that breaks off. Empty: borg’s own 30 minutes. 0: never.',
    place: 'running',
    least: 0,
    placeholder: '30',
    say: (seconds) => (seconds === 0 ? 'Saves no checkpoints.' : `Saves a checkpoint every ${sayDuration(seconds)}.`),
  },
  uploadLimit: {
    kind: 'number',
    label: 'Upload limit',
    unit: 'KiB/s',
    hint: 'For repositories on other machines. Empty: no limit.',
    place: 'running',
    least: 1,
    placeholder: 'none',
    say: (limit) => `Sends ${limit.toLocaleString('en')} KiB a second at most.`,
  },
  excludeIfPresent: {
    kind: 'names',
    label: 'Leave out folders that hold',
    hint: 'Names of files, one on each line, such as .nobackup: a folder with one of them is left out.',
    place: 'folders',
    say: (names) => `Leaves out folders that hold ${names.join(' or ')}.`,
  },
  excludeNodump: {
    kind: 'flag',
    label: 'Leave out what is marked with “nodump”',
    hint: 'Files and folders with the flag that chattr +d sets.',
    place: 'folders',
    sentence: 'Leaves out what has the flag nodump.',
  },
  atime: {
    kind: 'flag',
    label: 'Store when files were last read',
    hint: 'Seldom of use, and makes archives a little larger.',
    place: 'more',
    sentence: 'Stores when files were last read.',
  },
  noCtime: {
    kind: 'flag',
    label: 'Do not store when owners and rights were last changed',
    hint: 'No restore can bring that time back.',
    place: 'more',
    sentence: 'Does not store when owners and rights were last changed.',
  },
  noBirthtime: {
    kind: 'flag',
    label: 'Do not store when files were made',
    hint: 'On systems that tell borg, as macOS does.',
    place: 'more',
    sentence: 'Does not store when files were made.',
  },
  noXattrs: {
    kind: 'flag',
    label: 'Do not store extended attributes',
    hint: 'For file systems where reading them is slow or fails. Labels of SELinux and capabilities are among them.',
    place: 'more',
    sentence: 'Does not store extended attributes.',
  },
  noAcls: {
    kind: 'flag',
    label: 'Do not store access control lists',
    hint: 'For file systems where reading them is slow or fails.',
    place: 'more',
    sentence: 'Does not store access control lists.',
  },
  noFlags: {
    kind: 'flag',
    label: 'Do not store flags of files',
    hint: 'Such as “immutable” and “nodump”. Saves a look at each file.',
    place: 'more',
    sentence: 'Does not store flags of files.',
  },
  sparse: {
    kind: 'flag',
    label: 'Skip holes in files',
    hint: 'For images of disks. Files are cut into blocks of 4 MiB then: nothing is shared with archives made otherwise, and data that moves within a file is stored anew.',
    place: 'more',
    sentence: 'Skips holes in files, and cuts files into blocks of 4 MiB.',
  },
  readSpecial: {
    kind: 'flag',
    label: 'Read block devices',
    hint: 'Backs up what is on a disk or volume itself, such as /dev/vg0/home-snapshot, as one file. Then only block devices and regular files can be chosen: in a folder borg would read pipes, too, and wait for ever.',
    place: 'more',
    sentence: 'Reads block devices as if they were files.',
  },
  filesCache: {
    kind: 'choice',
    label: 'A file is unchanged',
    hint: 'What is unchanged is not read again.',
    place: 'more',
    words: {
      CTIME_SIZE_INODE: 'by time of change, size and inode',
      MTIME_SIZE_INODE: 'by time of modification, size and inode',
      CTIME_SIZE: 'by time of change and size (network shares)',
      MTIME_SIZE: 'by time of modification and size',
      RECHUNK_CTIME: 'never: read all, note times of change',
      RECHUNK_MTIME: 'never: read all, note times of modification',
      DISABLED: 'never: read all, note nothing',
    },
    usual: 'by time of change, size and inode, as borg does it',
    say: (word) => `A file is unchanged ${word}.`,
  },
}

export const optionKeys = Object.keys(options) as OptionKey[]

/** What no option is chosen by. */
const usualValues = { flag: false, number: null, duration: null, names: [], choice: null } as const

const each = (value: (key: OptionKey) => unknown) =>
  Object.fromEntries(optionKeys.map((key) => [key, value(key)])) as Options

/** A list that belongs to nobody else. */
const copied = (value: unknown) => (Array.isArray(value) ? [...value] : value)

/** Nothing chosen. */
export const usualOptions = (): Options => each((key) => copied(usualValues[options[key].kind]))

/** The options among all that a backup is asked to do. */
export const optionsOf = (settings: Options): Options => each((key) => copied(settings[key]))

const wordOf = (words: Readonly<Record<string, string>>, value: string) => words[value] ?? value

/** What an option has a backup do, as a sentence; null where it is not chosen. */
export const sayOption = (key: OptionKey, chosen: Options): string | null => {
  const option = options[key]
  const value = chosen[key]
  if (option.kind === 'flag') return value ? option.sentence : null
  if (option.kind === 'names') return Array.isArray(value) && value.length > 0 ? option.say(value) : null
  if (option.kind === 'choice') return typeof value === 'string' ? option.say(wordOf(option.words, value)) : null
  return typeof value === 'number' ? option.say(value) : null
}

/** The same of all of them; what is not chosen is not told. */
export const sayOptions = (chosen: Options): string[] => optionKeys.flatMap((key) => sayOption(key, chosen) ?? [])
