import type { Job, LeaseMode, Task } from '../../../prisma/generated/client/client.ts'
import type { TaskKinds } from './kind-definition.ts'
import { repositoryOf } from './task-repositories.ts'

/** What of a repository may be used beside what. */
const beside: Readonly<Record<LeaseMode, readonly LeaseMode[]>> = {
  READ: ['READ'],
  WRITE: [],
  REWRITE: [],
}

/** With which leases of others a lease of the repository can be had. */
export const leasesBeside = (mode: LeaseMode): readonly LeaseMode[] => beside[mode]

/** The right to use a repository in a way. */
export interface LeaseClaim {
  readonly repositoryId: string
  readonly mode: LeaseMode
}

/** From what leaves the most to others to what leaves the least. */
const byStrength: readonly LeaseMode[] = ['READ', 'WRITE', 'REWRITE']

type OfJob = Pick<Job, 'repositoryId'>
type OfTask = Pick<Task, 'kind' | 'repositoryId'>

/**
 * The lease that a job takes for the first of some tasks; null where that one needs none, or its repository was removed.
 * Tasks on one repository that follow each other share one, the strongest that they need: the list of archives is of what
 * the backup before it has left, and what was confirmed of a repository still holds when it is opened. A task in between
 * that needs none, or works on another repository, ends it.
 */
export const leaseFor = (kinds: TaskKinds, job: OfJob, tasks: readonly OfTask[]): LeaseClaim | null => {
  const [first] = tasks
  const repositoryId = first === undefined ? null : repositoryOf(job, first)
  if (repositoryId === null) return null
  const end = tasks.findIndex((task) => kinds[task.kind].lease === null || repositoryOf(job, task) !== repositoryId)
  const shared = end === -1 ? tasks : tasks.slice(0, end)
  const mode = byStrength.findLast((mode) => shared.some(({ kind }) => kinds[kind].lease === mode))
  return mode === undefined ? null : { repositoryId, mode }
}

/** The lease that is to be free before a job begins with some tasks, although the first of them may do without. */
export const firstLease = (kinds: TaskKinds, job: OfJob, tasks: readonly OfTask[]): LeaseClaim | null => {
  const first = tasks.findIndex((task) => kinds[task.kind].lease !== null && repositoryOf(job, task) !== null)
  return first === -1 ? null : leaseFor(kinds, job, tasks.slice(first))
}
