import type { Prisma } from '../../../prisma/generated/client/client.ts'
import { JobKind, RunState } from '../../../prisma/generated/client/enums.ts'

const allStates = Object.values(RunState)
const allKinds = Object.values(JobKind)

/** What jobs can belong to. */
export interface JobOwner {
  /** Jobs that work on it, alone or among others. */
  readonly repositoryId?: string
  /** Null: those that no plan ran. */
  readonly planId?: string | null
  readonly scheduleId?: string
}

/** Which jobs; all conditions hold together. */
export interface JobCondition extends JobOwner {
  readonly states?: readonly RunState[]
  readonly kinds?: readonly JobKind[]
  readonly createdFrom?: Date
  readonly createdTo?: Date
}

/** Milliseconds that the time in an id and `createdAt` may be apart: both are the time of the same write. */
const slack = 10_000

/** The smallest id that a row of this moment can have: a UUIDv7 begins with its time in milliseconds. */
export const firstIdAt = (milliseconds: number): string => {
  const digits = Math.min(Math.max(milliseconds, 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`
}

/** Between which ids jobs are looked for, neither of them included. */
export interface Place {
  readonly after?: string
  readonly before?: string
}

/**
 * Between which ids jobs lie that were asked for at these times, wide enough: `createdAt` says it exactly. One bound at
 * each end, the narrower one: of two, SQLite may walk from the wider one on.
 */
const idsBetween = ({ createdFrom, createdTo }: JobCondition, { after, before }: Place): Prisma.StringFilter => {
  const low = [after, createdFrom && firstIdAt(createdFrom.getTime() - slack)].filter((id) => id !== undefined)
  const high = [before, createdTo && firstIdAt(createdTo.getTime() + slack)].filter((id) => id !== undefined)
  const [gt] = low.sort().reverse()
  const [lt] = high.sort()
  return { ...(gt !== undefined && { gt }), ...(lt !== undefined && { lt }) }
}

/**
 * The condition for Prisma; of a repository, for the jobs on it alone. The indexes have the jobs of each owner, state and
 * kind in the order of their ids, so a state and a kind are always named, all of them where none is asked for: SQLite takes
 * the first few of each, however rare or frequent they are, and the page is among them.
 */
export const jobsWhere = (condition: JobCondition, place: Place = {}): Prisma.JobWhereInput => {
  const { states, kinds, createdFrom, createdTo, ...owner } = condition
  const isFiltered = states !== undefined || kinds !== undefined || Object.keys(owner).length > 0
  return {
    ...owner,
    ...(isFiltered && { state: { in: [...(states ?? allStates)] }, kind: { in: [...(kinds ?? allKinds)] } }),
    id: idsBetween(condition, place),
    ...((createdFrom || createdTo) && {
      createdAt: { ...(createdFrom && { gte: createdFrom }), ...(createdTo && { lt: createdTo }) },
    }),
  }
}
