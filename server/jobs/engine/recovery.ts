import type { Task } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import type { Log } from '../../log.ts'
import { endOrphans } from '../../process/orphans.ts'
import { repositoryEvent } from '../../repositories/state.ts'
import { type Kinds, kindsThat, type TaskKinds } from '../records/kind-definition.ts'
import { repositoriesOf } from '../records/task-repositories.ts'

interface RecoveryOptions {
  readonly db: Database
  readonly log: Log
  /** The runs of the server that are not over, this one among them: what they hold is not touched. */
  readonly alive: readonly string[]
  readonly kinds: Kinds
}

const wasCutShort = 'The server was stopped or killed while this job was running. Archives made before are whole.'

/** Which job they belong to is not known any more. */
const sayLeft = (pids: readonly number[]): readonly string[] =>
  pids.length === 0
    ? []
    : [
        `Of what that server had started, process ${pids.join(', ')} could not be ended, and may still hold borg’s lock.`,
      ]

/** Which of the tasks of a job that was cut short somebody would miss, each in a sentence: nobody will run them any more. */
const sayMissed = (kinds: TaskKinds, tasks: readonly Pick<Task, 'kind' | 'state' | 'settings'>[]): readonly string[] =>
  tasks.flatMap((task) => {
    const missed = kinds[task.kind].missed(task)
    if (missed === null) return []
    if (task.state === 'RUNNING') return `${missed} was not run to its end.`
    return task.state === 'PENDING' || task.state === 'QUEUED' ? `${missed} was not run.` : []
  })

/**
 * Makes the records true again after runs of the server that did not end as they should.
 * Jobs that were running become `INTERRUPTED`; those that waited, also for another try, wait on. What they started and left behind is ended, and their
 * leases are released. Gives the ids of the repositories that they worked on: a lock of borg's may be left there.
 */
export const recover = async ({ db, log, alive, kinds }: RecoveryOptions): Promise<readonly string[]> => {
  const dead = await db.server.findMany({
    where: { id: { notIn: [...alive] }, stoppedAt: null },
    select: { id: true },
  })
  const jobs = await db.job.findMany({
    where: { state: 'RUNNING', OR: [{ serverId: null }, { serverId: { notIn: [...alive] } }] },
    include: { tasks: { orderBy: { position: 'asc' } } },
  })
  if (dead.length === 0 && jobs.length === 0) return []

  const { found, left } = await endOrphans(new Set(dead.map(({ id }) => id)))
  if (left.length > 0)
    log.error({ pids: left }, 'processes of an earlier run cannot be ended, and may hold borg’s locks')
  const setUpKinds = kindsThat(kinds.jobs, ({ setsUpRepository }) => setsUpRepository)
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
        percent: null,
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
      { jobs: { some: { id: { in: jobIds }, kind: { in: setUpKinds } } } },
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
      const missed = sayMissed(kinds.tasks, tasks)
      return missed.length === 0
        ? []
        : db.job.update({ where: { id }, data: { problem: [cutShort, ...missed].join(' ') }, select: { id: true } })
    }),
    db.lease.deleteMany({ where: { serverId: { notIn: [...alive] } } }),
    db.server.updateMany({ where: { id: { in: dead.map(({ id }) => id) } }, data: { stoppedAt: now } }),
  ])
  if (jobs.length > 0 || found > 0)
    log.warn({ jobs: jobIds, processes: found }, 'recovered after a server that did not stop in order')

  return [...new Set(jobs.flatMap(repositoriesOf))]
}
