import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '../../../prisma/generated/client/client.ts'
import {
  cacheSetting,
  isSound,
  keyTypes,
  manifestTimestamp,
  ownFolders,
  type SecurityFile,
  securityFiles,
} from '../../borg/cache-and-security.ts'
import type { BorgError } from '../../borg/problems.ts'
import type { BorgRepository } from '../../borg/repository.ts'
import { nonceAbove, nonceText, parseNonce } from '../../borg/repository-nonce.ts'
import { tracebackErrors, tracebackFiles } from '../../borg/traceback.ts'
import type { Database } from '../../database/client.ts'
import { readLocks } from '../../repositories/locks.ts'
import { placeOf } from '../../repositories/place.ts'

/** What was done about files of borg's own that keep it from working. */
export interface Mending {
  /** What was put in order, a sentence each. */
  readonly mended: readonly string[]
  /** What a person has to do, in a sentence; null where nothing. */
  readonly wayOut: string | null
}

const nothing: Mending = { mended: [], wayOut: null }

interface Known {
  readonly db: Database
  readonly repository: Repository
  readonly borg: BorgRepository
}

/** Where borg keeps what it knows of a repository. */
interface Place {
  readonly borgId: string
  readonly cache: string
  readonly security: string
}

const textOf = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)

/** Puts other content into a file, as another job may at the same time; false where the system refuses it. */
const isReplaced = async (file: string, content: string): Promise<boolean> => {
  const written = `${file}.${randomUUID()}`
  try {
    await writeFile(written, content, { mode: 0o600 })
    await rename(written, file)
    return true
  } catch {
    await rm(written, { force: true })
    return false
  }
}

/** Where borg keeps what it knows of the repository that is at the path now; null where there is none. */
const findPlace = async ({ repository, borg }: Known): Promise<Place | null> => {
  const borgId = (await placeOf(borg).readConfig())?.id ?? repository.borgId
  return borgId === null ? null : { borgId, ...ownFolders(borg, borgId) }
}

/** What names it when borg takes the lock of its cache and fails. */
const isAboutCacheLock = ({ messageId, message }: BorgError, { cache }: Place) =>
  (messageId === 'LockTimeout' || messageId === 'LockFailed') && message.includes(`${cache}/lock`)

/** Parts of borg whose errors come from what it keeps for itself of a repository. */
const keepers = new Set(['cache.py', 'crypto/nonces.py', 'crypto/file_integrity.py'])

/** Through which they read, as all other parts do. */
const reader = 'helpers/msgpack.py'

/** What the system refuses is not to be mended by taking something away. */
const isOfSystem = (error: string) => /\[Errno (?:5|13|28|30|122)\]|MemoryError/.test(error)

/** The error of a traceback that ends in what borg keeps for itself; undefined where there is none. */
const ownError = (errors: readonly BorgError[]): string | undefined => {
  const traceback = errors.find(({ message }) =>
    keepers.has(tracebackFiles(message).findLast((file) => file !== reader) ?? ''),
  )
  const error = tracebackErrors(traceback?.message ?? '').at(-1)
  return error === undefined || isOfSystem(error) ? undefined : error
}

/** Refusals that come of what the security folder says, and of what is damaged in it too. */
const refusals = new Set([
  'Cache.EncryptionMethodMismatch',
  'Cache.RepositoryReplay',
  'Cache.RepositoryIDNotUnique',
  'Cache.RepositoryAccessAborted',
])

const isRefusal = ({ messageId, message }: BorgError) =>
  refusals.has(messageId ?? '') || message.includes('Local security dir has an invalid')

/** What a damaged file of the security folder can be made to hold without giving up what it protects from; null for nothing. */
const restored = async (file: SecurityFile, { db, repository, borg }: Known, place: Place): Promise<string | null> => {
  // What it says of a repository that was never opened from here nobody else knows.
  const isKnown = repository.borgId === place.borgId
  const config = (await textOf(join(place.cache, 'config'))) ?? ''
  switch (file) {
    case 'key-type':
      return isKnown && repository.encryption !== null ? keyTypes[repository.encryption] : null
    case 'location':
      return isKnown ? borg.location : null
    case 'manifest-timestamp': {
      const cached = cacheSetting(config, 'timestamp')
      if (cached !== null && isSound(file, cached)) return cached
      // The repository was written to after the end of each of our own archives, never before. One that has vanished may
      // be of a later state than a person has accepted, or of another repository.
      const where = { repositoryId: repository.id, jobId: { not: null }, vanishedAt: null }
      const archive = await db.archive.findFirst({
        where,
        orderBy: { finishedAt: 'desc' },
        select: { finishedAt: true },
      })
      return isKnown && archive?.finishedAt ? manifestTimestamp(archive.finishedAt) : null
    }
    case 'nonce': {
      // Below the repository's own borg never goes.
      const known = parseNonce((await textOf(join(borg.location, 'nonce'))) ?? '')
      const raised = known === null ? null : nonceAbove([known])
      return raised === null ? null : nonceText(raised)
    }
  }
}

/**
 * Restores what is damaged of the files by which borg knows a repository again and sees whether it was replaced or rolled
 * back: to what our records say, or a little less, but never so that encryption could use a nonce twice. An empty one is
 * damaged too: borg takes some of them for nothing to protect. What nobody else knows is left as it is.
 */
export const mendSecurity = async (known: Known): Promise<Mending> => {
  const place = await findPlace(known)
  if (place === null) return nothing
  const mended: string[] = []
  let wayOut: string | null = null
  for (const file of securityFiles) {
    const path = join(place.security, file)
    const content = await textOf(path)
    if (content === null || isSound(file, content)) continue
    const better = await restored(file, known, place)
    if (better !== null && (await isReplaced(path, better))) {
      mended.push(`The file ${path}, by which borg knows the repository again, was damaged and has been restored.`)
    } else {
      wayOut ??= `The file ${path}, by which borg knows this repository again, is damaged. If you are sure that it is your repository and that it was not restored from an older copy, remove that file and try again.`
    }
  }
  return { mended, wayOut }
}

/** Whether a command failed for what borg keeps for itself of a repository. */
export const isOwnTrouble = (errors: readonly BorgError[]): boolean =>
  ownError(errors) !== undefined || errors.some(isRefusal)

const remove = async (path: string, said: string): Promise<Mending> => {
  try {
    await rm(path, { recursive: true, force: true })
    return { mended: [said], wayOut: null }
  } catch (error) {
    return { mended: [], wayOut: `Borgitory could not remove ${path}, as it has to be: ${String(error)}.` }
  }
}

/**
 * Takes away what of borg's cache of a repository kept a command from working: a lock whose holder is gone, or all of it
 * where it is damaged, since borg builds it anew. To be called while the job holds its lease of the repository.
 */
export const mendCache = async (known: Known, errors: readonly BorgError[]): Promise<Mending> => {
  const place = await findPlace(known)
  if (place === null) return nothing
  if (errors.some((error) => isAboutCacheLock(error, place))) {
    if ((await readLocks(place.cache)).some(({ isAlive }) => isAlive)) return nothing
    const said = 'A lock that was left behind in borg’s cache of this repository was removed.'
    return remove(join(place.cache, 'lock.exclusive'), said)
  }
  const error = ownError(errors)
  if (error === undefined) return nothing
  return remove(
    place.cache,
    `Borg could not read its cache of this repository (${error}): it was removed, and is built anew.`,
  )
}
