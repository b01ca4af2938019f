import { sqliteCode } from './sqlite-codes.ts'

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

const sqliteReasons: readonly [RegExp, string][] = [
  [/^SQLITE_FULL/, 'there is no space left on its disk. Make room, then start again'],
  [/^SQLITE_BUSY/, 'another program keeps it locked. End that, then start again'],
  [/^SQLITE_READONLY/, 'the file, its folder or its disk is read-only'],
  [/^SQLITE_(CANTOPEN|AUTH|PERM)/, 'the file cannot be opened: look at its rights, its folder and its disk'],
  [/^SQLITE_IOERR/, 'its disk cannot be read or written, or is full'],
  [/^SQLITE_CORRUPT/, 'the file is damaged'],
  [/^SQLITE_NOTADB/, 'the file holds something else, or its beginning is damaged'],
]

/**
 * Why SQLite refuses a file, as the end of a sentence, and what to do where the file itself is not what it should be; null
 * for what is no error of SQLite's.
 */
export const sqliteReason = (error: unknown, whereDamaged: string): string | null => {
  const code = sqliteCode(error)
  if (code === null) return null
  const [, reason = code] = sqliteReasons.find(([pattern]) => pattern.test(code)) ?? []
  return /^SQLITE_(CORRUPT|NOTADB)/.test(code) ? `${reason}. ${whereDamaged}` : reason
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error

/** Why the system refuses a file, as the end of a sentence. */
export const systemReason = (error: unknown): string =>
  isSystemError(error) ? (reasons[error.code ?? ''] ?? String(error.code)) : String(error)

/** What to tell a person of an error of SQLite or of the file system; the error itself where it is another. */
export const asUnusable = (error: unknown, databaseFile: string): unknown => {
  const reason = sqliteReason(error, wayBack)
  if (reason !== null) {
    return new RecordsUnusable(`The records ${databaseFile} cannot be used: ${reason}.`, { cause: error })
  }
  if (!isSystemError(error)) return error
  return new FileUnusable(`${error.path ?? databaseFile} cannot be used: ${systemReason(error)}.`, { cause: error })
}
