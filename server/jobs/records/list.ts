import type { Job, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import { createStretches } from '../../stretches.ts'
import { type JobCondition, jobsWhere } from './filter.ts'

/** What Pothos asks of a connection: the columns and relations that are wanted, and the page in terms of Prisma. */
export type PageQuery = Pick<Prisma.JobFindManyArgs, 'select' | 'cursor' | 'take'>

/** What Pothos asks of a job. */
type JobQuery = Pick<PageQuery, 'select'>

/**
 * A page of jobs, newest first; `take` counts backwards where it is negative. As quick for a million jobs as for ten. The
 * job of the cursor may be gone.
 */
export const readJobs = (
  db: Database,
  { cursor, take = 1, select }: PageQuery,
  condition: JobCondition,
): Promise<Job[]> => {
  const place = cursor?.id === undefined ? {} : take < 0 ? { after: cursor.id } : { before: cursor.id }
  const where = jobsWhere(condition, place)
  return db.job.findMany({ where, orderBy: { id: 'desc' }, take, ...(select && { select }) })
}

/** The newest job of some. */
export const newestJob = async (db: Database, { select }: JobQuery, condition: JobCondition): Promise<Job | null> => {
  const [job] = await readJobs(db, { take: 1, ...(select && { select }) }, condition)
  return job ?? null
}

const counting = createStretches()

/** How many jobs there are. Counts each of them, 60 ms a million: one count after the other. */
export const countJobs = (db: Database, condition: JobCondition): Promise<number> =>
  counting(() => db.job.count({ where: jobsWhere(condition) }))
