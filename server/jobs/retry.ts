import { type Job, Prisma, type RunState, type Task } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import type { NewTask } from './new-tasks.ts'
import { JobNotFound, JobNotRetryable } from './problems.ts'
import { announceJob } from './service.ts'
import { hookSettings } from './settings.ts'

const retryableStates: readonly RunState[] = ['FAILED', 'CANCELLED', 'INTERRUPTED']

/** Whether a job did not do all that it was for, and there is a repository to do it in. */
export const isRetryable = ({ state, repositoryId }: Pick<Job, 'state' | 'repositoryId'>): boolean =>
  retryableStates.includes(state) && repositoryId !== null

const isDone = ({ state }: Task) => state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS'

const preparesOrLists = ({ kind, settings }: Task) =>
  kind === 'LIST' || (kind === 'HOOK' && hookSettings.safeParse(settings).data?.moment === 'BEFORE')

/**
 * What is to be done again of the tasks of a job, in order: all from the first on that was not done, and of those before
 * it what prepares, and reads the list of archives.
 */
export const tasksToRetry = (tasks: readonly Task[]): readonly NewTask[] => {
  const first = tasks.findIndex((task) => !isDone(task) && task.onFailure === 'STOP')
  return tasks
    .filter((task, index) => index >= first || preparesOrLists(task))
    .map(({ kind, settings, condition, onFailure, retries, retryDelay, timeLimit }) => {
      const policies = { condition, onFailure, retries, retryDelay, timeLimit }
      return { kind, settings: settings ?? Prisma.DbNull, ...policies }
    })
}

/** Begins a new job that does what another did not do. Throws `JobNotFound`, `JobNotRetryable`. */
export const retryJob = async (app: App, userId: string, id: string): Promise<Job> => {
  const before = await app.db.job.findUnique({
    where: { id },
    include: { repository: true, tasks: { orderBy: { position: 'asc' } } },
  })
  if (before === null) throw new JobNotFound()
  const { kind, settings, planId, priority, repository, tasks } = before
  if (!isRetryable(before)) {
    throw new JobNotRetryable(
      repository === null ? 'Its repository was removed.' : 'Only a job that failed or was stopped can be tried again.',
    )
  }
  if (repository === null) throw new JobNotRetryable('Its repository was removed.')
  if ((kind === 'BACKUP' || kind === 'DRY_RUN') && repository.state !== 'READY') {
    throw new JobNotRetryable(`The repository cannot be used now. ${repository.problem ?? ''}`.trim())
  }
  const { id: retryId } = await app.db.job.create({
    data: {
      kind,
      settings: settings ?? {},
      planId,
      priority,
      retryOfId: id,
      requestedById: userId,
      repositoryId: repository.id,
      repositoryName: repository.name,
      tasks: { create: tasksToRetry(tasks).map((task, position) => ({ ...task, position })) },
    },
    select: { id: true },
  })
  app.events.publish('job:changed', id)
  await announceJob(app, retryId)
  return app.db.job.findUniqueOrThrow({ where: { id: retryId } })
}
