import type { Job, Prisma, RunState, Task } from '../../../prisma/generated/client/client.ts'
import type { TaskKinds } from './kind-definition.ts'
import { dependsOn } from './task-dependencies.ts'
import { isRepositoryRemoved } from './task-repositories.ts'

const retryableStates: readonly RunState[] = ['FAILED', 'CANCELLED', 'INTERRUPTED']

/** What of a task decides whether it is done again. */
export const retriedColumns = {
  kind: true,
  state: true,
  settings: true,
  onFailure: true,
  repositoryId: true,
  repositoryName: true,
} satisfies Prisma.TaskSelect

type Retried = Pick<Task, keyof typeof retriedColumns>

const isDone = ({ state }: Retried) => state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS'

/** The place of the first of some tasks that was not done, and for which one at a place may be done again; -1 for none. */
const firstUndone = (tasks: readonly Retried[], task: Retried, place: number): number => {
  // What comes after all repositories is no reason to come back to one that was done.
  const isAfterAll = (other: Retried, at: number) =>
    task.repositoryId !== null && other.repositoryId === null && at > place
  const isUndone = (other: Retried, at: number) => !isDone(other) && dependsOn(task, other) && !isAfterAll(other, at)
  const stopped = tasks.findIndex((other, at) => isUndone(other, at) && other.onFailure === 'STOP')
  // What the job is for was done where all that failed or was stopped is a warning only.
  return stopped >= 0 ? stopped : tasks.findIndex(isUndone)
}

/**
 * The tasks of a job that are to be done again, in order: all from the first on that was not done, and of those before
 * it what prepares, and reads the list of archives. Each repository stands for itself: one of which all was done is left
 * out, and so is one that was removed. None where the job did all that it was for, or there is nothing left to do it in.
 */
export const tasksToRetry = <T extends Retried>(
  kinds: TaskKinds,
  job: Pick<Job, 'state' | 'repositoryId' | 'repositoryName'>,
  tasks: readonly T[],
): readonly T[] => {
  if (!retryableStates.includes(job.state) || isRepositoryRemoved(job)) return []
  const isDoneOrRemoved = (task: T) => isDone(task) || isRepositoryRemoved(task)
  const there = tasks.filter((task) => !isRepositoryRemoved(task))
  if (tasks.every(isDone)) return there
  // Hooks around repositories that are all gone, or done, have nothing to be around.
  const ofRepositories = tasks.filter((task) => task.repositoryName !== null)
  if (!ofRepositories.every(isDone) && ofRepositories.every(isDoneOrRemoved)) return []
  return there.filter((task, index) => {
    const first = firstUndone(there, task, index)
    return first >= 0 && (index >= first || kinds[task.kind].isRepeated(task))
  })
}
