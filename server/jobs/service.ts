import type { Job, JobKind, Prisma, Repository, RunState } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { JobFinished, JobNotFound } from './problems.ts'
import type { BackupSettings } from './settings.ts'
import { tasksOf } from './steps.ts'

/** What a job is made from. */
export interface NewJob {
  readonly kind: JobKind
  readonly repository: Pick<Repository, 'id' | 'name'>
  /** Null where Borgitory itself asked for it. */
  readonly requestedById: string | null
  readonly settings?: BackupSettings
  /** Whether a key comes with a repository that is imported. */
  readonly hasKey?: boolean
  /** The plan that it runs, where it runs one. */
  readonly planId?: string
  /** The schedule that it is a run of, where it is one. */
  readonly scheduleId?: string
  /** The time that the run is for; null where a person started it. */
  readonly scheduledFor?: Date | null
  /** Seconds after which it is stopped; null for no limit. */
  readonly maxDuration?: number | null
}

/** The record of a new job with its tasks, for `prisma.job.create`. It runs once its id was given to `announceJob`. */
export const newJob = ({
  kind,
  repository,
  requestedById,
  settings,
  hasKey,
  ...origin
}: NewJob): Prisma.JobUncheckedCreateInput => ({
  ...origin,
  kind,
  repositoryId: repository.id,
  repositoryName: repository.name,
  requestedById,
  settings: settings ?? {},
  tasks: { create: tasksOf(kind, { hasKey }).map((kind, position) => ({ kind, position })) },
})

/** Has a job run whose record is committed, and tells those who watch. */
export const announceJob = async ({ events, jobs }: Pick<App, 'events' | 'jobs'>, jobId: string): Promise<void> => {
  events.publish('job:changed', jobId)
  await jobs.enqueue(jobId)
}

/** States in which a job has not ended. */
export const unfinishedStates: readonly RunState[] = ['PENDING', 'QUEUED', 'RUNNING']

/**
 * Cancels a job: at once where it waits, otherwise as soon as borg has written what it must and freed its lock.
 * Throws `JobNotFound`, `JobFinished`.
 */
export const cancelJob = async ({ db, events, jobs }: App, id: string): Promise<Job> => {
  const now = new Date()
  const problem = 'Cancelled before it began.'
  const [{ count }] = await db.$transaction([
    db.job.updateMany({
      where: { id, state: { in: ['PENDING', 'QUEUED'] } },
      data: { state: 'CANCELLED', cancelRequestedAt: now, finishedAt: now, waitingFor: null, problem },
    }),
    db.task.updateMany({
      where: { jobId: id, state: 'PENDING', job: { state: 'CANCELLED', startedAt: null } },
      data: { state: 'CANCELLED', finishedAt: now, problem: 'Not begun: the job was cancelled.' },
    }),
    db.repository.updateMany({
      where: { state: 'PENDING', jobs: { some: { id, state: 'CANCELLED' } } },
      data: { state: 'FAILED', problem: 'Creating or importing it was cancelled.' },
    }),
  ])
  if (count === 0) {
    const marked = await db.job.updateMany({ where: { id, state: 'RUNNING' }, data: { cancelRequestedAt: now } })
    if (marked.count > 0) jobs.cancel(id)
    else if (await db.job.findUnique({ where: { id }, select: { id: true } })) throw new JobFinished()
    else throw new JobNotFound()
  }
  const { tasks, ...job } = await db.job.findUniqueOrThrow({
    where: { id },
    include: { tasks: { select: { id: true } } },
  })
  events.publish('job:changed', id)
  if (count > 0) {
    // Whoever follows their output learns that there will be none.
    for (const task of tasks) events.publish('task:output', task.id)
    if (job.repositoryId !== null) events.publish('repository:changed', job.repositoryId)
  }
  return job
}
