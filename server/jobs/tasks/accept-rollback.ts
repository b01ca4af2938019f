import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ownFolders } from '../../borg/cache-and-security.ts'
import { isEncrypted } from '../../borg/encryption.ts'
import { nonceAbove, nonceText, parseNonce } from '../../borg/repository-nonce.ts'
import { describeLocks } from '../../repositories/locks.ts'
import { placeOf } from '../../repositories/place.ts'
import { defineTask } from './define.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { completed } from './result.ts'

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

/** The number in a file `nonce`: undefined where there is no such file, null where it holds none. */
const readNonce = async (file: string): Promise<bigint | null | undefined> => {
  try {
    return parseNonce(await readFile(file, 'utf8'))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Replaces a file as a whole, and has the disk keep it before anything is encrypted. */
const replaceFile = async (file: string, text: string): Promise<void> => {
  const next = `${file}.borgitory`
  await writeFile(next, text, { flush: true })
  await rename(next, file)
}

/**
 * Has borg forget that it knew a later state of a repository, after a person has confirmed that an older copy was put
 * back. The numbers that it encrypts with must not come twice, with other content: the repository's own file is set past
 * all that are known before anything can be written, and the one in the security folder stays.
 */
const forget = async ({
  app,
  task,
  repository,
  borg,
  journal,
  persist,
  whatChanged,
}: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { location, encryption } = repository
  const refuse = async (why: string): Promise<RepositoryTaskResult> => {
    return { state: 'FAILED', problem: `${why} ${await whatChanged()}`, isRepositoryOpened: false }
  }
  const locks = await placeOf(repository).readLocks()
  if (locks.length > 0) return refuse(`Now ${describeLocks(locks)}.`)
  const config = await placeOf(repository).readConfig()
  if (config === null) return refuse('There is no repository at this path any more.')
  const { cache, security } = ownFolders(borg, config.id)
  const nonceFile = join(location, 'nonce')
  const known: bigint[] = []
  for (const file of [nonceFile, join(security, 'nonce')]) {
    const nonce = await readNonce(file)
    // Whatever was encrypted with numbers that nobody knows of must not be given away.
    if (nonce === null) return refuse(`The file ${file} is damaged: it holds no number.`)
    if (nonce !== undefined) known.push(nonce)
  }
  // One without encryption has no such file, and needs none.
  const nonce = nonceAbove(known)
  if (nonce === null) return refuse('There are no numbers left that it could encrypt with.')
  const writtenAt = new Date()
  await persist(() => app.db.task.update({ where: { id: task.id }, data: { writtenAt }, select: { id: true } }))
  if (known.length > 0 || (encryption !== null && isEncrypted(encryption))) {
    await replaceFile(nonceFile, nonceText(nonce))
    await journal.output([`Numbers used for encryption begin at ${nonceText(nonce)} now.`])
  }
  await rm(cache, { recursive: true, force: true })
  await rm(join(security, 'manifest-timestamp'), { force: true })
  await journal.output(['Borg’s cache of the repository, and the time of its last change, were removed.'])
  return completed
}

export const acceptRollback = defineTask({
  description:
    'Has borg forget that it knew a later state of the repository; numbers that it may have encrypted with are passed over first.',
  effects: {
    done: 'What borg knew of a later state was removed before that',
    unfinished: 'What borg knew of a later state may have been removed already.',
  },
  ...onRepository({ lease: 'WRITE', opening: 'PART', isThere: true }, forget),
})
