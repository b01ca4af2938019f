/** Why a borg command failed. */
export interface BorgFailure {
  /** What happened and what was kept, in plain words. */
  readonly message: string
  /** False where borg did not get to open the repository, so nothing in it can have changed. */
  readonly isRepositoryOpened: boolean
}

const closed = (message: string): BorgFailure => ({ message, isRepositoryOpened: false })
const opened = (message: string): BorgFailure => ({ message, isRepositoryOpened: true })

/** Borg's own names for what went wrong (docs: internals/frontends, "Message IDs"). */
const known: Record<string, BorgFailure> = {
  PassphraseWrong: closed('The passphrase is wrong. Nothing was changed.'),
  NoPassphraseFailure: closed('The repository needs a passphrase and none is stored. Nothing was changed.'),
  LockTimeout: closed('Another program holds the lock of the repository. Nothing was changed.'),
  LockFailed: closed('The lock of the repository could not be taken. Nothing was changed.'),
  'Repository.DoesNotExist': closed('There is no repository at this path any more. Nothing was changed.'),
  'Repository.InvalidRepository': closed('What is at this path is not a borg repository. Nothing was changed.'),
  'Repository.AlreadyExists': closed(
    'There already is a borg repository at this path; import it instead. Nothing was changed.',
  ),
  'Repository.PathAlreadyExists': closed('There already is something at this path. Nothing was changed.'),
  'Repository.ParentPathDoesNotExist': closed('The folder that the repository should be in does not exist.'),
  'Repository.InsufficientFreeSpaceError': opened(
    'There is not enough space left for the repository. Archives made before are whole.',
  ),
  'Repository.StorageQuotaExceeded': opened(
    'The storage quota of the repository is used up. Archives made before are whole.',
  ),
  'Repository.CheckNeeded': opened(
    'The repository is damaged or was not left in order: check it with borg. Nothing was changed.',
  ),
  KeyfileNotFoundError: closed(
    'The key file of the repository is not here: import the repository with its key. Nothing was changed.',
  ),
  KeyfileMismatchError: closed('The key belongs to another repository. Nothing was changed.'),
  KeyfileInvalidError: closed('The key is not a borg key. Nothing was changed.'),
  RepoKeyNotFoundError: closed('The repository has lost its key. Nothing was changed.'),
  NotABorgKeyFile: closed('What was given as the key is not a borg key. Nothing was changed.'),
  RepoIdMismatch: closed('The key belongs to another repository. Nothing was changed.'),
  'Cache.EncryptionMethodMismatch': closed(
    'The encryption of the repository is not what it was before. That can be an attack. Nothing was changed.',
  ),
  'Cache.RepositoryIDNotUnique': closed(
    'There is another repository with the same id: one is a copy of the other. Nothing was changed.',
  ),
  'Cache.RepositoryReplay': closed(
    'The repository is older than it was before: it was replaced, or restored from a copy. That can be an attack. Nothing was changed.',
  ),
  'Cache.RepositoryAccessAborted': closed(
    'Borg knows this repository from another path. If you have moved it yourself, remove it here, import it again and confirm that it was moved. If not, somebody may have put it in the place of another: that can be an attack. Nothing was changed.',
  ),
  'Cache.CacheInitAbortedError': closed(
    'The repository is not encrypted, and borg has not seen it before. If it is the one that you know, remove it here and import it again. If not, somebody may have put it in the place of another: that can be an attack. Nothing was changed.',
  ),
  'Archive.AlreadyExists': opened('There already is an archive of this name. Nothing was changed.'),
}

/** The end of what borg printed: its errors, with their names. */
export interface BorgError {
  readonly message: string
  readonly messageId: string | null
}

/** What to tell a person of a borg command that ended with `exitCode` (2 or more, or null for a signal). */
export const borgFailure = (
  errors: readonly BorgError[],
  ended: { exitCode: number | null; signal: string | null },
): BorgFailure => {
  for (const { messageId, message } of errors) {
    // Before borg's own name: it calls a lock that cannot be written a failure of the lock, and names the reason inside.
    if (message.includes('No space left on device')) {
      return opened('There is no space left on the disk. Archives made before are whole; this one was not made.')
    }
    if (message.includes('Read-only file system')) return closed('The file system is read-only. Nothing was changed.')
    if (message.includes('Permission denied')) {
      return closed(`Permission denied: ${lastLine(message)}`)
    }
    const failure = messageId === null ? undefined : known[messageId]
    if (failure) return failure
  }
  // `Exception` only announces the traceback that comes next.
  const first = errors.find(({ messageId }) => messageId !== 'Exception')
  if (first) return opened(lastLine(first.message))
  return opened(
    ended.signal === null
      ? `Borg ended with status ${ended.exitCode}.`
      : `Borg was ended by the signal ${ended.signal}.`,
  )
}

/** Of a traceback, the line that says what happened. */
const lastLine = (text: string) => {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const start = lines.findIndex((line) => line.startsWith('Traceback'))
  if (start === -1) return lines[0] ?? text
  return lines.slice(start + 1).find((line) => /^\w/.test(line)) ?? lines[0] ?? text
}
