import { chunk } from 'es-toolkit/array/chunk'
import { sum } from 'es-toolkit/math'
import type { Job, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import { createStretches } from '../../taking-turns.ts'
import { type JobCondition, jobsWhere, type Place } from './filter.ts'

/** What Pothos asks of a connection: the columns and relations that are wanted, and the page in terms of Prisma. */
export type PageQuery = Pick<Prisma.JobFindManyArgs, 'select' | 'cursor' | 'take'>

/** What Pothos asks of a job. */
type JobQuery = Pick<PageQuery, 'select'>

/** Ids that one statement names at most. */
const idsAtOnce = 10_000

/**
 * The conditions for Prisma, of which each job that is meant meets one: those on several repositories are found by their
 * tasks, since no index has them together with those on one.
 */
const conditionsOf = async (
  db: Database,
  condition: JobCondition,
  place: Place = {},
): Promise<Prisma.JobWhereInput[]> => {
  const where = jobsWhere(condition, place)
  const { repositoryId } = condition
  if (repositoryId === undefined) return [where]
  const tasks = await db.task.findMany({ where: { repositoryId }, select: { jobId: true } })
  const onSeveral = [...new Set(tasks.map(({ jobId }) => jobId))]
  return [
    where,
    ...chunk(onSeveral, idsAtOnce).map((ids) => ({ ...where, repositoryId: null, AND: { id: { in: ids } } })),
  ]
}

/**
 * A page of jobs, newest first; `take` counts backwards where it is negative. As quick for a million jobs as for ten. The
 * job of the cursor may be gone.
 */
export const readJobs = async (
  db: Database,
  { cursor, take = 1, select }: PageQuery,
  condition: JobCondition,
): Promise<Job[]> => {
  const place = cursor?.id === undefined ? {} : take < 0 ? { after: cursor.id } : { before: cursor.id }
  const page = { orderBy: { id: 'desc' }, take, ...(select && { select }) } as const
  const conditions = await conditionsOf(db, condition, place)
  const found = await Promise.all(conditions.map((where) => db.job.findMany({ ...page, where })))
  // Each in order already, and most often the only one.
  const [jobs = [], ...others] = found.filter((some) => some.length > 0)
  if (others.length === 0) return jobs
  const merged = [jobs, ...others].flat().sort((a, b) => (a.id < b.id ? 1 : -1))
  return take < 0 ? merged.slice(take) : merged.slice(0, take)
}

/** The newest job of some. */
export const newestJob = async (db: Database, { select }: JobQuery, condition: JobCondition): Promise<Job | null> => {
  const [job] = await readJobs(db, { take: 1, ...(select && { select }) }, condition)
  return job ?? null
}

const counting = createStretches()

/** How many jobs there are. Counts each of them, 60 ms a million: one count after the other. */
export const countJobs = (db: Database, condition: JobCondition): Promise<number> =>
  counting(async () => {
    const conditions = await conditionsOf(db, condition)
    return sum(await Promise.all(conditions.map((where) => db.job.count({ where }))))
  })
