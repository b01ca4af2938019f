import { type BorgEvent, isAboutFile } from './messages.ts'

/** A file or folder that borg warned about. */
export interface BorgFileProblem {
  readonly path: string
  readonly message: string
}

/** What borg warned of; a path of null where that is no file. */
export interface BorgWarning {
  readonly path: string | null
  readonly message: string
}

/** What the archiver and the system say of a file, after its path (borg 1.2 and 1.4: archiver.py, archive.py). */
const wordings = [
  String.raw`(?:(?:stat|fstat|fstat2|open|open_root|dir_open|read|readlink|scandir|flags|link|extended stat \(\w+\)): )?\[Errno \d+\]`,
  'file changed while we backed it up',
  'file (?:type|inode|type or inode) changed',
]
const knownWording = new RegExp(`^(?<path>/.*?): (?<message>(?:${wordings.join('|')}).*)$`, 's')
const unknownType = /^(?<message>Unknown file type): (?<path>\/.*)$/s
const anyWording = /^(?<path>\/.*?): (?<message>.*)$/s

const after = (message: string, path: string): BorgFileProblem | null =>
  message.startsWith(`${path}: `) ? { path, message: message.slice(path.length + 2) } : null

/** Splits a warning about a file where its wording or a source shows the end of the path; else at the first colon. */
const split = (message: string, sources: readonly string[]): BorgWarning => {
  const ofSource = sources
    .map((source) => after(message, source))
    .filter((problem) => problem !== null)
    .sort((a, b) => b.path.length - a.path.length)[0]
  if (ofSource !== undefined) return ofSource
  for (const wording of [knownWording, unknownType, anyWording]) {
    const found = wording.exec(message)?.groups
    if (found) return { path: found.path ?? '', message: found.message ?? '' }
  }
  return { path: null, message }
}

const none: readonly BorgWarning[] = []

/** Finds out what borg's warnings are about. Give it every event; it answers once it knows. */
export interface WarningReader {
  /** The warnings that are understood with this event, oldest first. */
  read(event: BorgEvent): readonly BorgWarning[]
  /** The same where nothing more comes. */
  end(): readonly BorgWarning[]
}

/**
 * A path may hold whatever stands between it and the words about it, and the words differ by cause and version. But of a
 * file that it comes to while it walks, borg tells the status next, which names the path alone. What it says of a source
 * before that has no status.
 */
export const createWarningReader = (sources: readonly string[] = []): WarningReader => {
  let waiting: string | null = null
  const settle = (next: BorgEvent | null): readonly BorgWarning[] => {
    if (waiting === null) return none
    const message = waiting
    waiting = null
    const named = next?.type === 'file' && /^[EC]$/.test(next.status) ? after(message, next.path) : null
    return [named ?? split(message, sources)]
  }
  return {
    read(event) {
      if (event.type === 'progress' || event.type === 'activity') return none
      const before = settle(event)
      if (event.type !== 'message' || event.level !== 'WARNING') return before
      if (!isAboutFile(event)) return [...before, { path: null, message: event.message }]
      waiting = event.message
      return before
    },
    end: () => settle(null),
  }
}
