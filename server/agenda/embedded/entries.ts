import { randomUUIDv7 } from 'node:crypto'
import {
  type JobParameters,
  type JobRepository,
  type JobRepositoryOptions,
  type JobState,
  type JobsOverview,
  type JobWithState,
  toJobId,
} from 'agenda'
import { type AgendaJob, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import { column, hasId, isQueried, isSame, isWanted, orderBy, stateAt, toJson, type Value } from './conditions.ts'
import { debounce, type Timing } from './debounce.ts'

type Row = AgendaJob
type Columns = Readonly<Record<string, Value>>

const toEntry = (row: Row): JobParameters & Pick<JobWithState, '_id'> => ({
  _id: toJobId(row.id),
  name: row.name,
  type: row.singleName === null ? 'normal' : 'single',
  priority: row.priority,
  nextRunAt: row.nextRunAt,
  disabled: row.disabled,
  data: row.data === null ? null : JSON.parse(row.data),
  lockedAt: row.lockedAt ?? undefined,
  lastModifiedBy: row.lastModifiedBy ?? undefined,
  lastRunAt: row.lastRunAt ?? undefined,
  lastFinishedAt: row.lastFinishedAt ?? undefined,
  progress: row.progress ?? undefined,
  failedAt: row.failedAt ?? undefined,
  failCount: row.failCount ?? undefined,
  failReason: row.failReason ?? undefined,
  repeatInterval: row.repeatInterval ?? undefined,
  repeatTimezone: row.repeatTimezone ?? undefined,
  repeatAt: row.repeatAt ?? undefined,
  startDate: row.startDate ?? undefined,
  endDate: row.endDate ?? undefined,
  skipDays: Array.isArray(row.skipDays) ? row.skipDays.map(Number) : undefined,
  fork: row.fork,
  debounceStartedAt: row.debounceStartedAt ?? undefined,
})

/** What the one who saves an entry decides. */
const settingsOf = (job: JobParameters): Columns => ({
  name: job.name,
  singleName: job.type === 'single' ? job.name : null,
  priority: job.priority,
  nextRunAt: job.nextRunAt ?? null,
  disabled: job.disabled ?? false,
  data: toJson(job.data),
  repeatInterval: job.repeatInterval ? String(job.repeatInterval) : null,
  repeatTimezone: job.repeatTimezone ?? null,
  repeatAt: job.repeatAt ?? null,
  startDate: job.startDate ?? null,
  endDate: job.endDate ?? null,
  skipDays: toJson(job.skipDays),
  fork: job.fork ?? false,
})

/** What the one who works on an entry decides. */
const stateOf = (job: JobParameters): Columns => ({
  lockedAt: job.lockedAt ?? null,
  lastRunAt: job.lastRunAt ?? null,
  lastFinishedAt: job.lastFinishedAt ?? null,
  progress: job.progress ?? null,
  failedAt: job.failedAt ?? null,
  failCount: job.failCount ?? null,
  failReason: job.failReason ?? null,
})

/**
 * All that saving an entry writes. Of its state only what is given: saving must not undo what a server that works on
 * the entry has written since.
 */
const columnsOf = (job: JobParameters, options: JobRepositoryOptions | undefined): Columns => {
  const state = Object.entries({ ...stateOf(job), debounceStartedAt: job.debounceStartedAt ?? null })
  return {
    ...settingsOf(job),
    ...Object.fromEntries(state.filter(([, value]) => value !== null)),
    lastModifiedBy: options?.lastModifiedBy ?? null,
  }
}

const toColumns = ({ nextRunAt, debounceStartedAt }: Timing): Columns => ({
  nextRunAt,
  debounceStartedAt: debounceStartedAt ?? null,
})

const names = (columns: Columns) => Prisma.join(Object.keys(columns).map(column))
const values = (columns: Columns) => Prisma.join(Object.values(columns))
const assignments = (columns: Columns) =>
  Prisma.join(Object.entries(columns).map(([name, value]) => Prisma.sql`${column(name)} = ${value}`))

/**
 * Agenda's store of entries, in our records. Each step that two servers on one SQLite file could dispute is a single
 * statement: SQLite lets one statement write at a time, while a transaction that reads before it writes fails whenever
 * another process has written in between.
 */
export const createEntries = (db: Database): JobRepository => {
  const rows = (sql: Prisma.Sql) => db.$queryRaw<Row[]>(sql)

  const first = async (sql: Prisma.Sql): Promise<JobParameters | undefined> => {
    const [row] = await rows(sql)
    return row && toEntry(row)
  }

  const setDisabled = async (wanted: Prisma.Sql | null, disabled: boolean) =>
    wanted ? db.$executeRaw(Prisma.sql`UPDATE "AgendaJob" SET "disabled" = ${disabled} WHERE ${wanted}`) : 0

  const insert = async (columns: Columns): Promise<JobParameters> => {
    const all = { id: randomUUIDv7(), ...columns }
    const [row] = await rows(Prisma.sql`INSERT INTO "AgendaJob" (${names(all)}) VALUES (${values(all)}) RETURNING *`)
    if (!row) throw new Error('The queue did not take an entry.')
    return toEntry(row)
  }

  const saveSingle = async (columns: Columns): Promise<JobParameters> => {
    const all = { id: randomUUIDv7(), ...columns }
    const { name: _name, singleName: _singleName, ...replaced } = columns
    const now = new Date()
    const isDueAlready = columns.nextRunAt instanceof Date && columns.nextRunAt <= now
    const updates = Object.keys(replaced).map((name) =>
      // Agenda says "due now" for a repeating entry whenever it is defined again, which must not start it out of turn.
      name === 'nextRunAt' && isDueAlready
        ? Prisma.sql`"nextRunAt" = COALESCE("nextRunAt", excluded."nextRunAt")`
        : Prisma.sql`${column(name)} = excluded.${column(name)}`,
    )
    const [row] = await rows(Prisma.sql`INSERT INTO "AgendaJob" (${names(all)}) VALUES (${values(all)})
      ON CONFLICT ("singleName") DO UPDATE SET ${Prisma.join(updates)} RETURNING *`)
    if (!row) throw new Error('The queue did not take an entry.')
    return toEntry(row)
  }

  const saveUnique = async (
    { unique = {}, uniqueOpts, ...job }: JobParameters,
    columns: Columns,
  ): Promise<JobParameters> => {
    const isTheSame = isSame(job.name, unique)
    const timing = (existing?: Timing): Columns =>
      uniqueOpts?.debounce ? toColumns(debounce(uniqueOpts.debounce, job.nextRunAt, new Date(), existing)) : {}
    for (;;) {
      const all: Columns = { id: randomUUIDv7(), ...columns, ...timing() }
      const inserted = await first(Prisma.sql`INSERT INTO "AgendaJob" (${names(all)}) SELECT ${values(all)}
        WHERE NOT EXISTS (SELECT 1 FROM "AgendaJob" WHERE ${isTheSame}) RETURNING *`)
      if (inserted) return inserted
      const [row] = await rows(Prisma.sql`SELECT * FROM "AgendaJob" WHERE ${isTheSame} ORDER BY "id" LIMIT 1`)
      if (row && uniqueOpts?.insertOnly && !uniqueOpts.debounce) return toEntry(row)
      const updated =
        row &&
        (await first(Prisma.sql`UPDATE "AgendaJob" SET ${assignments({ ...columns, ...timing(toEntry(row)) })}
          WHERE "id" = ${row.id} AND "nextRunAt" IS ${row.nextRunAt}
            AND "debounceStartedAt" IS ${row.debounceStartedAt} RETURNING *`))
      if (updated) return updated
      // Somebody else has removed or changed the entry in between.
    }
  }

  const save = async (job: JobParameters, options: JobRepositoryOptions | undefined): Promise<JobParameters> => {
    const columns = columnsOf(job, options)
    if (job._id) {
      const saved = await first(Prisma.sql`UPDATE "AgendaJob" SET ${assignments(columns)}
        WHERE "id" = ${job._id} AND "name" = ${job.name} RETURNING *`)
      return saved ?? job
    }
    if (job.type === 'single') return saveSingle(columns)
    return job.unique ? saveUnique(job, columns) : insert(columns)
  }

  return {
    async connect() {},

    async queryJobs(options = {}) {
      const now = new Date()
      const { sort, skip = 0, limit = 0 } = options
      const wanted = isQueried(options, now)
      const found = await db.$queryRaw<(Row & { state: JobState })[]>(Prisma.sql`
        SELECT *, ${stateAt(now)} AS "state" FROM "AgendaJob" WHERE ${wanted}
        ORDER BY ${orderBy(sort)} LIMIT ${limit > 0 ? limit : -1} OFFSET ${skip}`)
      const [count] = await db.$queryRaw<{ total: bigint }[]>(
        Prisma.sql`SELECT COUNT(*) AS "total" FROM "AgendaJob" WHERE ${wanted}`,
      )
      return { jobs: found.map((row) => ({ ...toEntry(row), state: row.state })), total: Number(count?.total ?? 0) }
    },

    async getJobsOverview() {
      const counts = await db.$queryRaw<{ name: string; state: JobState; total: bigint; paused: bigint }[]>(Prisma.sql`
        SELECT "name", ${stateAt(new Date())} AS "state", COUNT(*) AS "total", SUM("disabled") AS "paused"
        FROM "AgendaJob" GROUP BY 1, 2 ORDER BY 1`)
      const overviews = new Map<string, JobsOverview>()
      for (const { name, state, total, paused } of counts) {
        const overview = overviews.get(name) ?? {
          name,
          total: 0,
          running: 0,
          scheduled: 0,
          queued: 0,
          completed: 0,
          failed: 0,
          repeating: 0,
          paused: 0,
        }
        overview[state] += Number(total)
        overview.total += Number(total)
        overview.paused += Number(paused)
        overviews.set(name, overview)
      }
      return [...overviews.values()]
    },

    async getDistinctJobNames() {
      const found = await db.$queryRaw<{ name: string }[]>(
        Prisma.sql`SELECT DISTINCT "name" FROM "AgendaJob" ORDER BY "name"`,
      )
      return found.map(({ name }) => name)
    },

    async getJobById(id) {
      return (await first(Prisma.sql`SELECT * FROM "AgendaJob" WHERE "id" = ${id}`)) ?? null
    },

    getQueueSize: () => db.agendaJob.count({ where: { nextRunAt: { lt: new Date() } } }),

    async removeJobs(options) {
      const wanted = isWanted(options)
      return wanted ? db.$executeRaw(Prisma.sql`DELETE FROM "AgendaJob" WHERE ${wanted}`) : 0
    },

    async saveJob<Data>(job: JobParameters<Data>, options: JobRepositoryOptions | undefined) {
      const saved = await save(job, options)
      return { ...saved, data: saved.data as Data }
    },

    async saveJobState(job, options) {
      const columns = {
        ...stateOf(job),
        nextRunAt: job.nextRunAt ?? null,
        lastModifiedBy: options?.lastModifiedBy ?? null,
      }
      const changed = await db.$executeRaw(Prisma.sql`UPDATE "AgendaJob" SET ${assignments(columns)}
        WHERE "id" = ${job._id ?? null} AND "name" = ${job.name}`)
      if (changed !== 1) throw new Error(`The queue has no entry ${job._id} (${job.name}) any more.`)
    },

    lockJob: (job, options) =>
      first(Prisma.sql`UPDATE "AgendaJob"
        SET "lockedAt" = ${new Date()}, "lastModifiedBy" = ${options?.lastModifiedBy ?? null}
        WHERE "id" = ${job._id ?? null} AND "name" = ${job.name} AND NOT "disabled" AND "lockedAt" IS NULL
          AND "nextRunAt" = ${job.nextRunAt} RETURNING *`),

    async unlockJob(job) {
      // One without a next time is at work and frees itself when it is done.
      await db.$executeRaw(Prisma.sql`UPDATE "AgendaJob" SET "lockedAt" = NULL
        WHERE "id" = ${job._id ?? null} AND "nextRunAt" IS NOT NULL`)
    },

    async unlockJobs(ids) {
      await db.$executeRaw(Prisma.sql`UPDATE "AgendaJob" SET "lockedAt" = NULL WHERE ${hasId(ids.map(String))}`)
    },

    // Two look-ups, each of which reads one row of the index: one condition for both would read every entry of the name.
    getNextJobToRun: (name, nextScanAt, lockDeadline, now = new Date(), options) =>
      first(Prisma.sql`UPDATE "AgendaJob"
        SET "lockedAt" = ${now}, "lastModifiedBy" = ${options?.lastModifiedBy ?? null}
        WHERE "id" = (
          SELECT "id" FROM (
            SELECT * FROM (
              SELECT "id", "nextRunAt", "priority" FROM "AgendaJob"
              WHERE "name" = ${name} AND "disabled" = FALSE AND "lockedAt" IS NULL AND "nextRunAt" <= ${nextScanAt}
              ORDER BY "nextRunAt", "priority" DESC, "id" LIMIT 1)
            UNION ALL
            SELECT * FROM (
              SELECT "id", "nextRunAt", "priority" FROM "AgendaJob"
              WHERE "name" = ${name} AND "disabled" = FALSE AND "lockedAt" <= ${lockDeadline}
              ORDER BY "nextRunAt" NULLS LAST, "priority" DESC, "id" LIMIT 1))
          ORDER BY "nextRunAt" NULLS LAST, "priority" DESC, "id" LIMIT 1)
        RETURNING *`),

    disableJobs: (options) => setDisabled(isWanted(options), true),

    enableJobs: (options) => setDisabled(isWanted(options), false),

    purgeAllJobs: () => db.$executeRaw(Prisma.sql`DELETE FROM "AgendaJob"`),
  }
}
