import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Repository } from '../../prisma/generated/client/client.ts'
import {
  cacheSetting,
  idInConfig,
  isSound,
  keyTypes,
  manifestTimestamp,
  ownFolders,
  raisedNonce,
  type SecurityFile,
  securityFiles,
} from '../borg/own-files.ts'
import type { BorgError } from '../borg/problems.ts'
import type { BorgRepository } from '../borg/repository.ts'
import { tracebackErrors, tracebackFiles } from '../borg/traceback.ts'
import type { Database } from '../database/client.ts'
import { readLocks } from './locks.ts'

/** What was done about files of borg's own that kept it from working: in words, or why nothing could be done. */
export interface Mending {
  /** What was put in order, a sentence each. */
  readonly mended: readonly string[]
  /** What a person has to do, in sentences; null where nothing. */
  readonly wayOut: string | null
}

interface Trouble {
  readonly db: Database
  readonly repository: Repository
  readonly borg: BorgRepository
  readonly errors: readonly BorgError[]
}

/** What of borg's own a mending is about. */
interface Place {
  readonly borgId: string
  readonly cache: string
  readonly security: string
}

const textOf = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)

const replaceFile = async (file: string, content: string) => {
  await writeFile(`${file}.new`, content, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** What names it when borg takes the lock of its cache and fails. */
const isAboutCacheLock = ({ messageId, message }: BorgError, { cache }: Place) =>
  (messageId === 'LockTimeout' || messageId === 'LockFailed') && message.includes(`${cache}/lock`)

/** Parts of borg whose errors come from what it keeps for itself of a repository. */
const keepers = new Set(['cache.py', 'crypto/nonces.py', 'crypto/file_integrity.py'])

/** What the system refuses is not to be mended by taking something away. */
const isOfSystem = (error: string) => /\[Errno (?:5|13|28|30|122)\]|MemoryError/.test(error)

/** The error of a traceback that ends in what borg keeps for itself; undefined where there is none. */
const ownError = (errors: readonly BorgError[]): string | undefined => {
  const traceback = errors.find(({ message }) => keepers.has(tracebackFiles(message).at(-1) ?? ''))
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
const restored = async (
  file: SecurityFile,
  { db, repository, borg }: Trouble,
  place: Place,
): Promise<string | null> => {
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
      // The repository was written to after the end of each of our own archives, never before.
      const where = { repositoryId: repository.id, jobId: { not: null } }
      const archive = await db.archive.findFirst({
        where,
        orderBy: { finishedAt: 'desc' },
        select: { finishedAt: true },
      })
      return isKnown && archive?.finishedAt ? manifestTimestamp(archive.finishedAt) : null
    }
    case 'nonce':
      // Below the repository's own borg never goes.
      return raisedNonce((await textOf(join(borg.location, 'nonce'))) ?? '')
  }
}

const mendSecurity = async (trouble: Trouble, place: Place): Promise<Mending> => {
  const mended: string[] = []
  for (const file of securityFiles) {
    const path = join(place.security, file)
    const content = await textOf(path)
    if (content === null || isSound(file, content)) continue
    const better = await restored(file, trouble, place)
    if (better === null) {
      const wayOut = `The file ${path}, by which borg knows this repository again, is damaged. If you are sure that it is your repository and that it was not restored from an older copy, remove that file and try again.`
      return { mended, wayOut }
    }
    await replaceFile(path, better)
    mended.push(`The file ${path}, by which borg knows the repository again, was damaged and has been restored.`)
  }
  return { mended, wayOut: null }
}

const freeCache = async (place: Place): Promise<Mending> => {
  const holders = await readLocks(place.cache)
  if (holders.some(({ isAlive }) => isAlive)) return nothing
  await rm(join(place.cache, 'lock.exclusive'), { recursive: true, force: true })
  await rm(join(place.cache, 'lock.roster'), { force: true })
  return { mended: ['A lock that was left behind in borg’s cache of this repository was removed.'], wayOut: null }
}

const nothing: Mending = { mended: [], wayOut: null }

/**
 * Puts in order what borg keeps for itself of a repository, where a command failed for that: its cache, which is only
 * removed, since borg builds it anew; and the files by which it knows a repository again, which are restored from our
 * records, never made to know less than they did. To be called while the job holds its lease of the repository.
 */
export const mendBorg = async (trouble: Trouble): Promise<Mending> => {
  const { repository, borg, errors } = trouble
  const borgId = idInConfig((await textOf(join(borg.location, 'config'))) ?? '') ?? repository.borgId
  if (borgId === null) return nothing
  const place = { borgId, ...ownFolders(borg, borgId) }
  if (errors.some((error) => isAboutCacheLock(error, place))) return freeCache(place)
  const error = ownError(errors)
  if (error === undefined && !errors.some(isRefusal)) return nothing
  const mending = await mendSecurity(trouble, place)
  if (error === undefined || mending.mended.length > 0 || mending.wayOut !== null) return mending
  await rm(place.cache, { recursive: true, force: true })
  return {
    mended: [`Borg could not read its cache of this repository (${error}): it was removed, and is built anew.`],
    wayOut: null,
  }
}
