import type { Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { breakLock } from '../borg/break-lock.ts'
import { run } from '../process/run.ts'
import { borgOf } from './borg-access.ts'
import type { LockEvidence } from './locks.ts'
import { placeOf } from './place.ts'

type Parts = Pick<App, 'config' | 'db' | 'log' | 'vault'>

/** Milliseconds that borg has to break a lock: the server does not listen meanwhile. */
const breakPatience = 30_000

const breakLeftLock = async (app: Parts, repository: Repository): Promise<void> => {
  const { config, log } = app
  const borg = borgOf(app, repository)
  const place = placeOf(repository)
  if (!(await place.answers())) {
    log.error({ repository: repository.id }, 'a repository does not answer: a lock that was left behind stays')
    return
  }
  const locks = await place.readLocks()
  const isOurs = ({ hostId, isAlive }: LockEvidence) => hostId === borg.hostId && isAlive === false
  // Borg breaks all locks of a repository at once.
  if (locks.length === 0 || !locks.every(isOurs)) return
  const options = { environment: config.childEnvironment, signal: AbortSignal.timeout(breakPatience) }
  for await (const event of run(breakLock(borg), options)) {
    if (event.type !== 'exit') continue
    const { exitCode } = event
    log.warn(
      { repository: repository.id, pids: locks.map(({ pid }) => pid), exitCode },
      'broke the lock of a process that is gone',
    )
  }
}

/**
 * Breaks borg's locks on repositories that a server which was killed has left: where they are Borgitory's own, and the
 * processes that held them are gone.
 */
export const breakLeftLocks = async (app: Parts, repositoryIds: readonly string[]): Promise<void> => {
  for (const repository of await app.db.repository.findMany({ where: { id: { in: [...repositoryIds] } } })) {
    await breakLeftLock(app, repository).catch((error: unknown) =>
      app.log.error({ err: error, repository: repository.id }, 'a lock that was left behind could not be looked at'),
    )
  }
}
