import { sqliteCode } from './failures.ts'

/** The records cannot be used; the message says why, and what to do. */
export class RecordsUnusable extends Error {}

/** A file or a folder that a server needs cannot be used; the message says which, why, and what to do. */
export class FileUnusable extends Error {}

/** How to go back to the records of another day. */
export const wayBack = 'To go back to a copy of them: npm run restore-records'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on its disk',
  EDQUOT: 'there is no space left of what its user may take',
  EROFS: 'its disk is read-only',
  EACCES: 'this user has no right to it',
  EPERM: 'the system does not permit it',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something else is in its place',
  ENOENT: 'it is not there',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'its disk cannot be read or written',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
}

const recordsReasons: readonly [RegExp, string][] = [
  [/^SQLITE_FULL/, 'there is no space left on their disk. Make room, then start again'],
  [/^SQLITE_BUSY/, 'another program keeps them locked. End that, then start again'],
  [/^SQLITE_READONLY/, 'they, their folder or their disk are read-only'],
  [/^SQLITE_(CANTOPEN|AUTH|PERM)/, 'the file cannot be opened: look at its rights, its folder and its disk'],
  [/^SQLITE_IOERR/, 'their disk cannot be read or written, or is full'],
  [/^SQLITE_CORRUPT/, `the file is damaged. ${wayBack}`],
  [/^SQLITE_NOTADB/, `the file holds something else, or its beginning is damaged. ${wayBack}`],
]

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error

/** Why the system refuses a file, as the end of a sentence. */
export const systemReason = (error: unknown): string =>
  isSystemError(error) ? (reasons[error.code ?? ''] ?? String(error.code)) : String(error)

/** What to tell a person of an error of SQLite or of the file system; the error itself where it is another. */
export const asUnusable = (error: unknown, databaseFile: string): unknown => {
  const code = sqliteCode(error)
  if (code !== null) {
    const [, reason = code] = recordsReasons.find(([pattern]) => pattern.test(code)) ?? []
    return new RecordsUnusable(`The records ${databaseFile} cannot be used: ${reason}.`, { cause: error })
  }
  if (!isSystemError(error)) return error
  return new FileUnusable(`${error.path ?? databaseFile} cannot be used: ${systemReason(error)}.`, { cause: error })
}
