import type { Job, Prisma, Task } from '../../../prisma/generated/client/client.ts'

/** A task with the repository of its own, which it has where its job is for several. */
type OfTask = Pick<Task, 'repositoryId'>
type OfJob = Pick<Job, 'repositoryId'>

/** The repository that a task works on; null where it works on none, or that was removed. */
export const repositoryOf = (job: OfJob, task: OfTask): string | null => task.repositoryId ?? job.repositoryId

/** The repositories that the tasks of a job work on, each once. */
export const repositoriesOf = (job: OfJob & { readonly tasks: readonly OfTask[] }): readonly string[] => [
  ...new Set([job, ...job.tasks].flatMap(({ repositoryId }) => repositoryId ?? [])),
]

/** Whether a task or a job was for a repository that was removed since. */
export const isRepositoryRemoved = ({
  repositoryId,
  repositoryName,
}: Pick<Task, 'repositoryId' | 'repositoryName'>): boolean => repositoryId === null && repositoryName !== null

/** The jobs that work on a repository, on others too or on it alone. For few jobs: an index leads to those of one kind only. */
export const worksOn = (repositoryId: string): Prisma.JobWhereInput => ({
  OR: [{ repositoryId }, { tasks: { some: { repositoryId } } }],
})
