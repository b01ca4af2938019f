import { type Job, Prisma, type Repository, type Task } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import { isUsable } from '../../repositories/state.ts'
import { announceJob } from './create.ts'
import type { NewTask } from './kind-definition.ts'
import { JobNotFound, JobNotRetryable } from './problems.ts'
import { unfinishedStates } from './states.ts'
import { isRepositoryRemoved, repositoriesOf } from './task-repositories.ts'
import { tasksToRetry } from './tasks-to-retry.ts'

/** The same task, not begun. */
const anew = (task: Task) => {
  const { kind, repositoryId, settings, condition, onFailure, retries, retryDelay, timeLimit } = task
  return {
    ...{ kind, repositoryId, condition, onFailure, retries, retryDelay, timeLimit },
    settings: settings ?? Prisma.DbNull,
  } satisfies NewTask
}

/** A person asks for a retry: it stands for no time of the schedule whose limits it keeps. */
const originOf = (job: Job) => {
  const { id, kind, repositoryId, planId, scheduleId, maxDuration, priority, settings } = job
  return {
    ...{ kind, repositoryId, planId, scheduleId, maxDuration, priority },
    settings: settings ?? {},
    retryOfId: id,
  }
}

/** Throws `JobNotRetryable` for a job that did all it was for, or where a repository that it needs cannot be used. */
const assertRetryable = (
  { kinds }: App,
  job: Job & { readonly tasks: readonly Task[] },
  tasks: readonly Task[],
  repositories: readonly Repository[],
): void => {
  if (tasks.length === 0) {
    throw new JobNotRetryable(
      isRepositoryRemoved(job) || job.tasks.some(isRepositoryRemoved)
        ? 'Its repository was removed.'
        : 'Only a job that failed or was stopped can be tried again.',
    )
  }
  if (!kinds.jobs[job.kind].needsUsableRepository) return
  for (const repository of repositories) {
    if (isUsable(repository)) continue
    throw new JobNotRetryable(`The repository cannot be used now. ${repository.problem ?? ''}`.trim())
  }
}

/** Begins a new job that does what another did not do. Throws `JobNotFound`, `JobNotRetryable`. */
export const retryJob = async (app: App, userId: string, id: string): Promise<Job> => {
  const before = await app.db.job.findUnique({
    where: { id },
    include: { tasks: { orderBy: { position: 'asc' } } },
  })
  if (before === null) throw new JobNotFound()
  const tasks = tasksToRetry(app.kinds.tasks, before, before.tasks)
  const ids = [...repositoriesOf({ ...before, tasks })]
  const repositories = await app.db.repository.findMany({ where: { id: { in: ids } } })
  assertRetryable(app, before, tasks, repositories)
  const nameOf = (id: string | null) => repositories.find((repository) => repository.id === id)?.name ?? null
  const data = {
    ...originOf(before),
    requestedById: userId,
    // As it is called now.
    repositoryName: nameOf(before.repositoryId),
    tasks: {
      create: tasks.map((task, position) => ({
        ...anew(task),
        position,
        repositoryName: nameOf(task.repositoryId),
      })),
    },
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
