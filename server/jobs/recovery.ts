import type { Repository } from '../../prisma/generated/client/client.ts'
import { breakLock } from '../borg/break-lock.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Database } from '../database/client.ts'
import type { Log } from '../log.ts'
import { endOrphans } from '../process/orphans.ts'
import { run } from '../process/run.ts'
import { repositoryEvent, setUpKinds } from '../repositories/state.ts'
import { type LockEvidence, readLocks } from './locks.ts'
import { missedHooks } from './missed-hooks.ts'
import { silentOf } from './silent.ts'

interface RecoveryOptions {
  readonly db: Database
  readonly log: Log
  /** This run of the server. */
  readonly serverId: string
  readonly borgOf: (repository: Repository) => BorgRepository
  readonly environment: Readonly<Record<string, string>>
}

/** Milliseconds that borg has to break a lock: the server does not listen meanwhile. */
const breakPatience = 30_000

const wasCutShort = 'The server was stopped or killed while this job was running. Archives made before are whole.'

/** Which job they belong to is not known any more. */
const sayLeft = (pids: readonly number[]): readonly string[] =>
  pids.length === 0
    ? []
    : [
        `Of what that server had started, process ${pids.join(', ')} could not be ended, and may still hold borg’s lock.`,
      ]

/**
 * Makes the records true again after a run of the server that did not end as it should. May only be called by the one
 * server that holds the data folder: that is the proof that all other runs are over.
 * Jobs that were running become `INTERRUPTED`; those that waited, also for another try, wait on. What they started and left behind is ended, their leases are released, and
 * a borg lock is broken where it is Borgitory's own and the process that held it is gone.
 */
export const recover = async ({ db, log, serverId, borgOf, environment }: RecoveryOptions): Promise<void> => {
  const dead = await db.server.findMany({
    where: { id: { not: serverId }, stoppedAt: null },
    select: { id: true },
  })
  const jobs = await db.job.findMany({
    where: { state: 'RUNNING' },
    include: { repository: true, tasks: { orderBy: { position: 'asc' } } },
  })
  if (dead.length === 0 && jobs.length === 0) return

  const { found, left } = await endOrphans(new Set(dead.map(({ id }) => id)))
  if (left.length > 0)
    log.error({ pids: left }, 'processes of an earlier run cannot be ended, and may hold borg’s locks')
  const cutShort = [wasCutShort, ...sayLeft(left)].join(' ')
  const now = new Date()
  const jobIds = jobs.map(({ id }) => id)
  await db.$transaction([
    db.task.updateMany({
      where: { jobId: { in: jobIds }, state: 'RUNNING' },
      data: {
        state: 'INTERRUPTED',
        finishedAt: now,
        currentPath: null,
        message: null,
        bytesPerSecond: null,
        problem: 'The server was stopped or killed while this was running.',
      },
    }),
    db.task.updateMany({
      where: { jobId: { in: jobIds }, state: 'QUEUED' },
      data: { state: 'INTERRUPTED', finishedAt: now, problem: 'The server was stopped or killed before its next try.' },
    }),
    db.task.updateMany({
      where: { jobId: { in: jobIds }, state: 'PENDING' },
      data: { state: 'SKIPPED', finishedAt: now, problem: 'Not begun: the server was stopped or killed before.' },
    }),
    repositoryEvent(
      db,
      { jobs: { some: { id: { in: jobIds }, kind: { in: [...setUpKinds] } } } },
      { type: 'SET_UP_ENDED', problem: 'The server was stopped or killed before the repository was ready.' },
    ),
    db.job.updateMany({
      where: { id: { in: jobIds } },
      data: {
        state: 'INTERRUPTED',
        finishedAt: now,
        waitingFor: null,
        problem: cutShort,
      },
    }),
    ...jobs.flatMap(({ id, tasks }) => {
      const missed = missedHooks(tasks)
      return missed.length === 0
        ? []
        : db.job.update({ where: { id }, data: { problem: [cutShort, ...missed].join(' ') }, select: { id: true } })
    }),
    db.lease.deleteMany({ where: { serverId: { not: serverId } } }),
    db.server.updateMany({ where: { id: { in: dead.map(({ id }) => id) } }, data: { stoppedAt: now } }),
  ])
  if (jobs.length > 0 || found > 0)
    log.warn({ jobs: jobIds, processes: found }, 'recovered after a server that did not stop in order')

  for (const { repository } of jobs) {
    if (repository === null) continue
    await breakLeftLock(repository, { log, borgOf, environment }).catch((error: unknown) =>
      log.error({ err: error, repository: repository.id }, 'a lock that was left behind could not be looked at'),
    )
  }
}

/** Breaks borg's lock on a repository where it is Borgitory's own and the process that held it is gone. */
const breakLeftLock = async (
  repository: Repository,
  { log, borgOf, environment }: Pick<RecoveryOptions, 'log' | 'borgOf' | 'environment'>,
) => {
  const borg = borgOf(repository)
  if ((await silentOf([repository.location], { opens: true })).length > 0) {
    log.error({ repository: repository.id }, 'a repository does not answer: a lock that was left behind stays')
    return
  }
  const locks = await readLocks(repository.location)
  const isOurs = ({ hostId, isAlive }: LockEvidence) => hostId === borg.hostId && isAlive === false
  // Borg breaks all locks of a repository at once.
  if (locks.length === 0 || !locks.every(isOurs)) return
  const signal = AbortSignal.timeout(breakPatience)
  for await (const event of run(breakLock(borg), { environment, signal })) {
    if (event.type !== 'exit') continue
    const { exitCode } = event
    log.warn(
      { repository: repository.id, pids: locks.map(({ pid }) => pid), exitCode },
      'broke the lock of a process that is gone',
    )
  }
}
