import { type Job, Prisma } from '../../../prisma/generated/client/client.ts'
import { JobKind, RunState } from '../../../prisma/generated/client/enums.ts'
import type { Database } from '../../database/client.ts'
import { readRows, takeOut } from '../../database/rows.ts'
import { createStretches } from '../../stretches.ts'
import { idRange, type JobCondition, jobsWhere } from './filter.ts'

const allStates = Object.values(RunState)
const allKinds = Object.values(JobKind)

/** What the owner of jobs is asked for: the first one that is given has an index, the others are looked at in its rows. */
const ownerSql = ({ scheduleId, planId, repositoryId }: JobCondition): Prisma.Sql[] => {
  const owners = [
    { column: Prisma.raw('job."scheduleId"'), id: scheduleId },
    { column: Prisma.raw('job."planId"'), id: planId },
    { column: Prisma.raw('job."repositoryId"'), id: repositoryId },
  ].filter(({ id }) => id !== undefined)
  return owners.map(({ column, id }, index) => {
    if (id === null) return Prisma.sql`${column} IS NULL`
    return index === 0 ? Prisma.sql`${column} = ${id}` : Prisma.sql`COALESCE(${column}, '') = ${id}`
  })
}

const timeSql = ({ createdFrom, createdTo }: JobCondition): Prisma.Sql[] => [
  ...(createdFrom ? [Prisma.sql`job."createdAt" >= ${createdFrom}`] : []),
  ...(createdTo ? [Prisma.sql`job."createdAt" < ${createdTo}`] : []),
]

/** Which part of a list of jobs, which is in the order of their ids. */
interface Page {
  /** The id that the page comes after; null for the first page. */
  readonly after: string | null
  readonly order: 'asc' | 'desc'
  readonly count: number
}

/** One bound at each end at most: of two, SQLite may walk from the wider one on. */
const idSql = (condition: JobCondition, { after, order }: Page): Prisma.Sql[] => {
  const { from, to } = idRange(condition)
  const low = order === 'asc' ? after : null
  const high = order === 'desc' ? after : null
  return [
    ...(low !== null && low >= (from ?? '') ? [Prisma.sql`job."id" > ${low}`] : []),
    ...(from !== null && from > (low ?? '') ? [Prisma.sql`job."id" >= ${from}`] : []),
    ...(high !== null && (to === null || high <= to) ? [Prisma.sql`job."id" < ${high}`] : []),
    ...(to !== null && (high === null || high > to) ? [Prisma.sql`job."id" < ${to}`] : []),
  ]
}

/**
 * Asks for the ids of a page, in order: of all jobs from their own index. Otherwise an index has the jobs of each state and
 * each kind that is asked for in the order of their ids, so that the first few of each are found at once, however rare or
 * frequent they are; the page is among them.
 */
export const pageSql = (condition: JobCondition, page: Page): Prisma.Sql => {
  const { order, count } = page
  const direction = Prisma.raw(order)
  const owner = ownerSql(condition)
  const bounds = [...idSql(condition, page), ...timeSql(condition)]
  if (owner.length === 0 && condition.states === undefined && condition.kinds === undefined) {
    const where = bounds.length === 0 ? Prisma.empty : Prisma.sql`WHERE ${Prisma.join(bounds, ' AND ')}`
    return Prisma.sql`SELECT job."id" FROM "Job" AS job ${where} ORDER BY job."id" ${direction} LIMIT ${count}`
  }
  const { states = allStates, kinds = allKinds } = condition
  const combinations = states.flatMap((state) => kinds.map((kind) => Prisma.sql`(${state}, ${kind})`))
  if (combinations.length === 0) return Prisma.sql`SELECT "id" FROM "Job" WHERE FALSE`
  const conditions = [
    ...owner,
    Prisma.sql`job."state" = combination."state" AND job."kind" = combination."kind"`,
    ...bounds,
  ]
  return Prisma.sql`
    WITH combination("state", "kind") AS (VALUES ${Prisma.join(combinations)})
    SELECT found."id" FROM combination CROSS JOIN "Job" AS found WHERE found."id" IN (
      SELECT job."id" FROM "Job" AS job WHERE ${Prisma.join(conditions, ' AND ')}
      ORDER BY job."id" ${direction} LIMIT ${count}
    ) ORDER BY found."id" ${direction} LIMIT ${count}`
}

/** What Pothos asks of a connection: the columns and relations that are wanted, and the page in terms of Prisma. */
export type PageQuery = Pick<Prisma.JobFindManyArgs, 'select' | 'cursor' | 'take'>

/** What Pothos asks of a job. */
type JobQuery = Pick<PageQuery, 'select'>

const readByIds = async (db: Database, { select }: JobQuery, ids: string[]): Promise<Job[]> => {
  const query = { where: { id: { in: ids } }, orderBy: { id: 'desc' as const } }
  return select ? ((await readRows(db, 'Job', { ...query, select })) as Job[]) : db.job.findMany(query)
}

/** One job; null where there is none. */
export const readJob = async (db: Database, query: JobQuery, id: string): Promise<Job | null> => {
  const [job] = await readByIds(db, query, [id])
  return job ?? null
}

/** A page of jobs, newest first; `take` counts backwards where it is negative. As quick for a million jobs as for ten. */
export const readJobs = async (
  db: Database,
  { cursor, take = 1, select }: PageQuery,
  condition: JobCondition,
): Promise<Job[]> => {
  const order = take < 0 ? 'asc' : 'desc'
  const sql = pageSql(condition, { after: cursor?.id ?? null, order, count: Math.abs(take) })
  const ids = takeOut(await db.$queryRaw<{ id: string }[]>(sql)).map(({ id }) => id)
  return readByIds(db, { select }, ids)
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
