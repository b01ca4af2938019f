import type { Job, JobPriority } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import { repositoryEvent } from '../../repositories/state.ts'
import { kindsThat } from './kind-definition.ts'
import { JobFinished, JobNotFound, JobNotWaiting } from './problems.ts'
import { unfinishedStates, waitingStates } from './states.ts'
import { repositoriesOf } from './task-repositories.ts'

/** Ends a job that has not begun; false where it has, or has ended. */
const cancelUnbegun = async ({ db, kinds }: Pick<App, 'db' | 'kinds'>, id: string, now: Date) => {
  const setsUp = { in: kindsThat(kinds.jobs, ({ setsUpRepository }) => setsUpRepository) }
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
      { jobs: { some: { id, kind: setsUp, state: 'CANCELLED', startedAt: null } } },
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
    include: { tasks: { select: { id: true, repositoryId: true } } },
  })
  events.publish('job:changed', id)
  if (isOver) {
    // Whoever follows their output learns that there will be none.
    for (const task of tasks) events.publish('task:output', task.id)
    for (const id of repositoriesOf({ ...job, tasks })) events.publish('repository:changed', id)
  }
  return job
}

/** Changes which other jobs a job that waits goes before. Throws `JobNotFound`, `JobNotWaiting`. */
export const setJobPriority = async (
  { db, events }: Pick<App, 'db' | 'events'>,
  id: string,
  priority: JobPriority,
): Promise<Job> => {
  const { count } = await db.job.updateMany({ where: { id, state: { in: [...waitingStates] } }, data: { priority } })
  const job = await db.job.findUnique({ where: { id } })
  if (job === null) throw new JobNotFound()
  if (count === 0) throw new JobNotWaiting()
  events.publish('job:changed', id)
  return job
}
