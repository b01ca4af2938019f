import type { LeaseMode, Task } from '../../../prisma/generated/client/client.ts'
import type { TaskKinds } from './kinds.ts'

/** What of a repository may be used beside what. */
const beside: Readonly<Record<LeaseMode, readonly LeaseMode[]>> = {
  READ: ['READ'],
  WRITE: [],
  REWRITE: [],
}

/** With which leases of others a lease of the repository can be had. */
export const leasesBeside = (mode: LeaseMode): readonly LeaseMode[] => beside[mode]

/** From what leaves the most to others to what leaves the least. */
const byStrength: readonly LeaseMode[] = ['READ', 'WRITE', 'REWRITE']

/**
 * The lease that a job takes for the first of some tasks; null where that one needs none. Tasks that follow each other
 * share one, the strongest that they need: the list of archives is of what the backup before it has left, and what was
 * confirmed of a repository still holds when it is opened. A task in between that needs none ends it.
 */
export const leaseFor = (kinds: TaskKinds, tasks: readonly Pick<Task, 'kind'>[]): LeaseMode | null => {
  const needed = tasks.map(({ kind }) => kinds[kind].lease)
  const end = needed.indexOf(null)
  const shared = end === -1 ? needed : needed.slice(0, end)
  return byStrength.findLast((mode) => shared.includes(mode)) ?? null
}

/** The lease that is to be free before a job begins with some tasks, although the first of them may do without. */
export const firstLease = (kinds: TaskKinds, tasks: readonly Pick<Task, 'kind'>[]): LeaseMode | null => {
  const first = tasks.findIndex(({ kind }) => kinds[kind].lease !== null)
  return first === -1 ? null : leaseFor(kinds, tasks.slice(first))
}
