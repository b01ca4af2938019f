import { type Job, Prisma, type RunState, type Task } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import { isUsable } from '../../repositories/state.ts'
import { announceJob } from './create.ts'
import type { NewTask, TaskKinds } from './kinds.ts'
import { JobNotFound, JobNotRetryable } from './problems.ts'
import { unfinishedStates } from './states.ts'

const retryableStates: readonly RunState[] = ['FAILED', 'CANCELLED', 'INTERRUPTED']

/** Whether a job did not do all that it was for, and there is a repository to do it in. */
export const isRetryable = ({ state, repositoryId }: Pick<Job, 'state' | 'repositoryId'>): boolean =>
  retryableStates.includes(state) && repositoryId !== null

/** What of a task decides whether it is done again. */
type Retried = Pick<Task, 'kind' | 'state' | 'settings' | 'onFailure'>

const isDone = ({ state }: Retried) => state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS'

/**
 * The tasks of a job that are to be done again, in order: all from the first on that was not done, and of those before
 * it what prepares, and reads the list of archives.
 */
export const tasksToRetry = <T extends Retried>(kinds: TaskKinds, tasks: readonly T[]): readonly T[] => {
  const stopped = tasks.findIndex((task) => !isDone(task) && task.onFailure === 'STOP')
  // What the job is for was done where all that failed or was stopped is a warning only.
  const first = stopped >= 0 ? stopped : tasks.findIndex((task) => !isDone(task))
  return tasks.filter((task, index) => index >= first || kinds[task.kind].isRepeated(task))
}

/** The same task, not begun. */
const anew = ({ kind, settings, condition, onFailure, retries, retryDelay, timeLimit }: Task): NewTask => ({
  ...{ kind, condition, onFailure, retries, retryDelay, timeLimit },
  settings: settings ?? Prisma.DbNull,
})

/** A person asks for a retry: it stands for no time of the schedule whose limits it keeps. */
const originOf = ({ id, kind, planId, scheduleId, maxDuration, priority, settings }: Job) => ({
  ...{ kind, planId, scheduleId, maxDuration, priority },
  settings: settings ?? {},
  retryOfId: id,
})

/** Begins a new job that does what another did not do. Throws `JobNotFound`, `JobNotRetryable`. */
export const retryJob = async (app: App, userId: string, id: string): Promise<Job> => {
  const before = await app.db.job.findUnique({
    where: { id },
    include: { repository: true, tasks: { orderBy: { position: 'asc' } } },
  })
  if (before === null) throw new JobNotFound()
  const { kind, repository, tasks } = before
  if (!isRetryable(before)) {
    throw new JobNotRetryable(
      repository === null ? 'Its repository was removed.' : 'Only a job that failed or was stopped can be tried again.',
    )
  }
  if (repository === null) throw new JobNotRetryable('Its repository was removed.')
  if (app.kinds.jobs[kind].needsUsableRepository && !isUsable(repository)) {
    throw new JobNotRetryable(`The repository cannot be used now. ${repository.problem ?? ''}`.trim())
  }
  const data = {
    ...originOf(before),
    requestedById: userId,
    repositoryId: repository.id,
    repositoryName: repository.name,
    tasks: { create: tasksToRetry(app.kinds.tasks, tasks).map((task, position) => ({ ...anew(task), position })) },
  }
  // Transactions come one after the other, so that of two who ask at once the second finds what the first has made.
  const retryId = await app.db.$transaction(async (records) => {
    if (await records.job.findFirst({ where: { retryOfId: id, state: { in: [...unfinishedStates] } } })) {
      throw new JobNotRetryable('It is being tried again already.')
    }
    return (await records.job.create({ data, select: { id: true } })).id
  })
  app.events.publish('job:changed', id)
  announceJob(app, retryId)
  return app.db.job.findUniqueOrThrow({ where: { id: retryId } })
}
