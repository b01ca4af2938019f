import type { JobKind, Prisma, RunState } from '../../../prisma/generated/client/client.ts'

/** What jobs can belong to. */
export interface JobOwner {
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

/** Between which ids the jobs lie, wide enough: what lies near the ends is to be asked for its `createdAt`. */
export const idRange = ({
  createdFrom,
  createdTo,
}: JobCondition): { readonly from: string | null; readonly to: string | null } => ({
  from: createdFrom ? firstIdAt(createdFrom.getTime() - slack) : null,
  to: createdTo ? firstIdAt(createdTo.getTime() + slack) : null,
})

/** The condition for Prisma; pages of jobs are read by `list.ts`. */
export const jobsWhere = (condition: JobCondition): Prisma.JobWhereInput => {
  const { states, kinds, createdFrom, createdTo, ...owner } = condition
  const { from, to } = idRange(condition)
  return {
    ...owner,
    ...(states && { state: { in: [...states] } }),
    ...(kinds && { kind: { in: [...kinds] } }),
    ...((createdFrom || createdTo) && {
      id: { ...(from && { gte: from }), ...(to && { lt: to }) },
      createdAt: { ...(createdFrom && { gte: createdFrom }), ...(createdTo && { lt: createdTo }) },
    }),
  }
}
