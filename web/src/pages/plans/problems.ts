import { type OptionKey, options } from '../../text/options.ts'

/** Why a plan was not taken. */
export interface Refusal {
  __typename?: string
  message: string
  fields?: { path: string[]; message: string }[]
}

const words: Readonly<Record<string, string>> = {
  name: 'Name',
  repositoryId: 'Repository',
  sources: 'Folders',
  patterns: 'Rules',
  level: 'Compression level',
  obfuscation: 'Hide sizes',
  compression: 'Compression',
  archiveName: 'Name of its archives',
  comment: 'Comment',
  priority: 'Priority',
  retries: 'Tries',
  retryDelay: 'First pause',
  timeLimit: 'Time limit',
  hooks: 'Hooks',
  moment: 'moment',
  command: 'command',
  workingFolder: 'working folder',
  environment: 'environment variables',
}

/** The path of a field without the name of `settings`. */
const within = (path: readonly string[]) => (path[0] === 'settings' ? path.slice(1) : path)

const isOption = (name: string): name is OptionKey => Object.hasOwn(options, name)

/** What a field is called on the page: `['settings', 'patterns', '2', 'pattern']` is `Rule 3`. */
export const sayField = (path: readonly string[]): string => {
  const [first = '', second, third] = within(path)
  const place = second !== undefined && /^\d+$/.test(second) ? Number(second) + 1 : undefined
  if (first === 'sources' && place) return `Folder ${place}`
  if (first === 'patterns' && place) return `Rule ${place}`
  if (first === 'hooks' && place) {
    return third ? `Hook ${place}, ${(words[third] ?? third).toLowerCase()}` : `Hook ${place}`
  }
  if (isOption(first)) return options[first].label
  return words[(first === 'compression' && second) || first] ?? path.join('.')
}

/** A refusal as sentences, each naming the field that it is about. */
export const problemsOf = ({ message, fields }: Refusal): string[] =>
  fields?.length ? fields.map((field) => `${sayField(field.path)}: ${field.message}`) : [message]

const sayWhere = (refusal: Refusal | undefined, isMeant: (path: readonly string[]) => boolean) =>
  refusal?.fields
    ?.filter(({ path }) => isMeant(within(path)))
    .map(({ message }) => message)
    .join(' ') || undefined

/** What a refusal says about the field at this path, and about what is in it; the name of `settings` is left out. */
export const problemAt = (refusal: Refusal | undefined, ...names: string[]) =>
  sayWhere(refusal, (path) => names.every((name, index) => path[index] === name))

/** What it says about that field alone, such as a list that is too long. */
export const ownProblemAt = (refusal: Refusal | undefined, ...names: string[]) =>
  sayWhere(refusal, (path) => path.length === names.length && names.every((name, index) => path[index] === name))
