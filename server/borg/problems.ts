import { tracebackErrors } from './traceback.ts'

/** Why a borg command failed. */
export interface BorgFailure {
  /** What happened, in plain words. What has changed by then is another question (`jobs/records/what-changed.ts`). */
  readonly message: string
  /** False where borg did not get to open the repository. */
  readonly isRepositoryOpened: boolean
  /** False where borg refused before it wrote anything. */
  readonly hasWritten: boolean
}

const closed = (message: string): BorgFailure => ({ message, isRepositoryOpened: false, hasWritten: false })
const refused = (message: string): BorgFailure => ({ message, isRepositoryOpened: true, hasWritten: false })
const opened = (message: string): BorgFailure => ({ message, isRepositoryOpened: true, hasWritten: true })

/** Borg's own names for what went wrong (docs: internals/frontends, "Message IDs"). */
const known: Record<string, BorgFailure> = {
  PassphraseWrong: closed('The passphrase is wrong.'),
  NoPassphraseFailure: closed('The repository needs a passphrase and none is stored.'),
  LockTimeout: closed('Another program holds the lock of the repository.'),
  LockFailed: closed('The lock of the repository could not be taken.'),
  'Repository.DoesNotExist': closed('There is no repository at this path any more.'),
  'Repository.InvalidRepository': closed('What is at this path is not a borg repository.'),
  'Repository.AlreadyExists': closed('There already is a borg repository at this path; import it instead.'),
  'Repository.PathAlreadyExists': closed('There already is something at this path.'),
  'Repository.ParentPathDoesNotExist': closed('The folder that the repository should be in does not exist.'),
  'Repository.InsufficientFreeSpaceError': opened('There is not enough space left for the repository.'),
  'Repository.StorageQuotaExceeded': opened('The storage quota of the repository is used up.'),
  'Repository.CheckNeeded': refused('The repository is damaged or was not left in order: check it with borg.'),
  KeyfileNotFoundError: closed('The key file of the repository is not here: import the repository with its key.'),
  KeyfileMismatchError: closed('The key belongs to another repository.'),
  KeyfileInvalidError: closed('The key is not a borg key.'),
  RepoKeyNotFoundError: closed('The repository has lost its key.'),
  NotABorgKeyFile: closed('What was given as the key is not a borg key.'),
  RepoIdMismatch: closed('The key belongs to another repository.'),
  'Cache.EncryptionMethodMismatch': closed(
    'The encryption of the repository is not what it was before. That can be an attack.',
  ),
  'Cache.RepositoryIDNotUnique': closed(
    'The repository is older than it was before: an older copy of it was put back. If you have done so yourself, confirm that on the page of the repository. If not, that can be an attack.',
  ),
  'Cache.RepositoryReplay': closed(
    'The repository is older than it was before: an older copy of it was put back. If you have done so yourself, confirm that on the page of the repository. If not, that can be an attack.',
  ),
  'Cache.RepositoryAccessAborted': closed(
    'Borg knows this repository from another path. If you have moved it yourself, confirm that on the page of the repository. If not, somebody may have put it in the place of another: that can be an attack.',
  ),
  'Cache.CacheInitAbortedError': closed(
    'The repository is not encrypted, and borg has not seen it before. If it is the one that you know, confirm that on the page of the repository. If not, somebody may have put it in the place of another: that can be an attack.',
  ),
  'Archive.AlreadyExists': refused('There already is an archive of this name.'),
}

/** The end of what borg printed: its errors, with their names. */
export interface BorgError {
  readonly message: string
  readonly messageId: string | null
}

/** The lines that say what happened, the last error first; of a traceback without its code and borg's arguments. */
const wordsOf = (message: string): readonly [string, ...string[]] => {
  const [last, ...causes] = tracebackErrors(message).toReversed()
  return last === undefined ? [message.split('\n').find((line) => line.trim() !== '') ?? message] : [last, ...causes]
}

/** What the system refused, wherever in borg that was. */
const systemFailure = (message: string): BorgFailure | null => {
  // An error may be one that came of trying to put things in order after another.
  for (const words of wordsOf(message)) {
    if (words.includes('No space left on device')) return opened('There is no space left on the disk.')
    if (words.includes('Read-only file system')) return closed('The file system is read-only.')
    if (words.includes('Permission denied'))
      return closed(`Permission denied: ${words.replace(/^PermissionError: /, '')}`)
  }
  return null
}

/** What to tell a person of a borg command that ended with `exitCode` (2 or more, or null for a signal). */
export const borgFailure = (
  errors: readonly BorgError[],
  ended: { exitCode: number | null; signal: string | null },
): BorgFailure => {
  for (const { messageId, message } of errors) {
    // Before borg's own name: it calls a lock that cannot be written a failure of the lock, and names the reason inside.
    const failure = systemFailure(message) ?? (messageId === null ? undefined : known[messageId])
    if (failure) return failure
  }
  // `Exception` only announces the traceback that comes next.
  const first = errors.find(({ messageId }) => messageId !== 'Exception')
  if (first) return opened(wordsOf(first.message)[0])
  return opened(
    ended.signal === null
      ? `Borg ended with status ${ended.exitCode}.`
      : `Borg was ended by the signal ${ended.signal}.`,
  )
}
