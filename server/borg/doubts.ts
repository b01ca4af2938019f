import type { BorgError } from './problems.ts'

/** Why borg does not take a repository for the one that it knows, though a person may know better. */
export type BorgDoubt = 'MOVED' | 'ROLLED_BACK' | 'UNKNOWN'

const doubts: Readonly<Record<string, BorgDoubt>> = {
  'Cache.RepositoryAccessAborted': 'MOVED',
  'Cache.RepositoryReplay': 'ROLLED_BACK',
  // What borg says of an unencrypted one that is older than it was.
  'Cache.RepositoryIDNotUnique': 'ROLLED_BACK',
  'Cache.CacheInitAbortedError': 'UNKNOWN',
}

/** Null where borg failed for another reason. */
export const doubtOf = (errors: readonly BorgError[]): BorgDoubt | null => {
  for (const { messageId } of errors) {
    const doubt = messageId === null ? undefined : doubts[messageId]
    if (doubt) return doubt
  }
  return null
}
