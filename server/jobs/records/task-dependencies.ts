import type { Task } from '../../../prisma/generated/client/client.ts'

type OfTask = Pick<Task, 'repositoryId'>

/**
 * Whether it matters to a task what has become of another one of its job that comes before it: not where the two work on
 * different repositories. What works on none, as a hook around the whole, is there for all.
 */
export const dependsOn = (task: OfTask, before: OfTask): boolean =>
  task.repositoryId === null || before.repositoryId === null || task.repositoryId === before.repositoryId
