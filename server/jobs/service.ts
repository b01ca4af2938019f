import type { Job, JobKind, JobPriority, Prisma, Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { repositoryEvent, setUpKinds } from '../repositories/state.ts'
import { type JobPlan, newTasks } from './new-tasks.ts'
import { JobFinished, JobNotFound, JobNotWaiting } from './problems.ts'
import type { AcceptSettings, BackupSettings, ImportSettings } from './settings.ts'
import { unfinishedStates, waitingStates } from './states.ts'

/** What a job is made from. */
export interface NewJob {
  readonly kind: JobKind
  readonly repository: Pick<Repository, 'id' | 'name'>
  /** Null where Borgitory itself asked for it. */
  readonly requestedById: string | null
  readonly settings?: BackupSettings | ImportSettings | AcceptSettings
  /** Whether a key comes with a repository that is imported. */
  readonly hasKey?: boolean
  /** Whether a repository is older than borg knew it, and is to be accepted so. */
  readonly isRolledBack?: boolean
  /** The plan that it runs, where it runs one: its priority, and for a backup its hooks and how it is tried again. */
  readonly plan?: JobPlan
  /** The schedule that it is a run of, where it is one. */
  readonly scheduleId?: string
  /** The time that the run is for; null where a person started it. */
  readonly scheduledFor?: Date | null
  /** Seconds after which it is stopped; null for no limit. */
  readonly maxDuration?: number | null
}

/** What a person does by hand and waits for goes before what was planned. */
const priorityOf = ({ kind, requestedById, plan }: NewJob): JobPriority => {
  if (plan !== undefined) return plan.priority
  const isAwaited = kind !== 'BACKUP' && kind !== 'DRY_RUN'
  return requestedById !== null && isAwaited ? 'HIGH' : 'NORMAL'
}

/** The record of a new job with its tasks, for `prisma.job.create`. It runs once its id was given to `announceJob`. */
export const newJob = (job: NewJob): Prisma.JobUncheckedCreateInput => {
  const { kind, repository, requestedById, settings, hasKey, isRolledBack, plan, ...origin } = job
  return {
    ...origin,
    kind,
    repositoryId: repository.id,
    repositoryName: repository.name,
    requestedById,
    priority: priorityOf(job),
    planId: plan?.id ?? null,
    settings: settings ?? {},
    tasks: { create: newTasks(kind, { hasKey, isRolledBack, plan }).map((task, position) => ({ ...task, position })) },
  }
}

/** Has a job run whose record is committed, and tells those who watch. */
export const announceJob = async ({ events, jobs }: Pick<App, 'events' | 'jobs'>, jobId: string): Promise<void> => {
  events.publish('job:changed', jobId)
  await jobs.enqueue(jobId)
}

/** Ends a job that has not begun; false where it has, or has ended. */
const cancelUnbegun = async ({ db }: Pick<App, 'db'>, id: string, now: Date) => {
  const [{ count }] = await db.$transaction([
    db.job.updateMany({
      where: { id, state: { in: [...waitingStates] }, startedAt: null },
      data: {
        state: 'CANCELLED',
        cancelRequestedAt: now,
        finishedAt: now,
        waitingFor: null,
        problem: 'Cancelled before it began.',
      },
    }),
    db.task.updateMany({
      where: { jobId: id, state: 'PENDING', job: { state: 'CANCELLED', startedAt: null } },
      data: { state: 'SKIPPED', finishedAt: now, problem: 'Not begun: the job was cancelled.' },
    }),
    repositoryEvent(
      db,
      { jobs: { some: { id, kind: { in: [...setUpKinds] }, state: 'CANCELLED', startedAt: null } } },
      { type: 'SET_UP_ENDED', problem: 'Creating or importing it was cancelled.' },
    ),
  ])
  return count > 0
}

/**
 * Cancels a job: at once where it has not begun, otherwise as soon as borg has written what it must and freed its lock.
 * What always runs is run first, also where the job waits for another try. Throws `JobNotFound`, `JobFinished`.
 */
export const cancelJob = async (app: App, id: string): Promise<Job> => {
  const { db, events, jobs } = app
  const now = new Date()
  const isOver = await cancelUnbegun(app, id, now)
  if (!isOver) {
    const { count } = await db.job.updateMany({
      where: { id, state: { in: [...unfinishedStates] } },
      data: { cancelRequestedAt: now },
    })
    if (count === 0) {
      if (await db.job.findUnique({ where: { id }, select: { id: true } })) throw new JobFinished()
      throw new JobNotFound()
    }
  }
  jobs.cancel(id)
  const { tasks, ...job } = await db.job.findUniqueOrThrow({
    where: { id },
    include: { tasks: { select: { id: true } } },
  })
  events.publish('job:changed', id)
  if (isOver) {
    // Whoever follows their output learns that there will be none.
    for (const task of tasks) events.publish('task:output', task.id)
    if (job.repositoryId !== null) events.publish('repository:changed', job.repositoryId)
  }
  return job
}

/** Changes which other jobs a job that waits goes before. Throws `JobNotFound`, `JobNotWaiting`. */
export const setJobPriority = async ({ db, events, jobs }: App, id: string, priority: JobPriority): Promise<Job> => {
  const { count } = await db.job.updateMany({ where: { id, state: { in: [...waitingStates] } }, data: { priority } })
  const job = await db.job.findUnique({ where: { id } })
  if (job === null) throw new JobNotFound()
  if (count === 0) throw new JobNotWaiting()
  events.publish('job:changed', id)
  jobs.look(id)
  return job
}
