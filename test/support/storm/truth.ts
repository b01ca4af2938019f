import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

interface JobRow {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly repositoryId: string | null
  readonly scheduleId: string | null
  readonly serverId: string | null
  readonly startedAt: unknown
  readonly finishedAt: unknown
}

const waitingStates = ['PENDING', 'QUEUED']
const finalStates = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'FAILED', 'CANCELLED', 'INTERRUPTED']

/** What the records of one moment say. */
export interface Moment {
  /** The server that works with the records, or did last. */
  readonly serverId: string | null
  readonly jobs: readonly JobRow[]
  /** What cannot be true, in plain words. */
  readonly lies: readonly string[]
}

/**
 * Reads the records of a data folder in one transaction, beside the server or without one, and looks for what cannot be
 * true.
 */
export const readMoment = (dataFolder: string): Moment => {
  const db = new Sqlite(join(dataFolder, 'borgitory.sqlite'), { readonly: true })
  try {
    return db.transaction(() => look(db))()
  } finally {
    db.close()
  }
}

const look = (db: Sqlite.Database): Moment => {
  const jobs = db.prepare<[], JobRow>('SELECT * FROM "Job" ORDER BY "id"').all()
  // Not by the id: where the clock was set back, that of an older one is greater.
  const newest = db.prepare<[], { id: string }>('SELECT "id" FROM "Server" ORDER BY "rowid" DESC LIMIT 1').get()
  const lies: string[] = []
  const claim = (isTrue: boolean, lie: string) => {
    if (!isTrue) lies.push(lie)
  }
  for (const { id, state, serverId, startedAt, finishedAt } of jobs) {
    const isFinal = finalStates.includes(state)
    claim(isFinal || state === 'RUNNING' || waitingStates.includes(state), `job ${id} is ${state}`)
    claim(isFinal === (finishedAt !== null), `job ${id} is ${state} and has ${finishedAt ? 'an' : 'no'} end`)
    claim(state !== 'RUNNING' || startedAt !== null, `job ${id} runs and has not begun`)
    claim(state !== 'RUNNING' || serverId === newest?.id, `job ${id} runs on a server that is gone`)
  }

  const rows = <Row>(sql: string) => db.prepare<[], Row>(sql).all()
  const using = rows<{ id: string; repositoryId: string; mode: string | null }>(
    `SELECT "Task"."id", "Job"."repositoryId", "Lease"."mode" FROM "Task" JOIN "Job" ON "Job"."id" = "Task"."jobId"
     LEFT JOIN "Lease" ON "Lease"."jobId" = "Job"."id"
     WHERE "Task"."state" = 'RUNNING' AND "Task"."kind" NOT IN ('HOOK', 'DRY_RUN')`,
  )
  for (const { id, mode, repositoryId } of using) {
    claim(mode !== null, `task ${id} runs without a lease`)
    const others = using.filter((other) => other.repositoryId === repositoryId && other.id !== id)
    claim(mode === 'READ' || others.length === 0, `task ${id} writes to a repository that others use`)
  }
  for (const { id, state, jobState } of rows<{ id: string; state: string; jobState: string }>(
    `SELECT "Task"."id", "Task"."state", "Job"."state" AS "jobState" FROM "Task" JOIN "Job" ON "Job"."id" = "Task"."jobId"
     WHERE ("Task"."state" = 'RUNNING' AND "Job"."state" <> 'RUNNING')
        OR ("Task"."finishedAt" IS NULL AND "Job"."finishedAt" IS NOT NULL)
        OR (("Task"."finishedAt" IS NULL) <> ("Task"."state" IN ('PENDING', 'QUEUED', 'RUNNING')))`,
  )) {
    lies.push(`task ${id} is ${state} while its job is ${jobState}`)
  }
  for (const { jobId, state } of rows<{ jobId: string; state: string }>(
    `SELECT "jobId", "state" FROM "Lease" JOIN "Job" ON "Job"."id" = "jobId"
     WHERE "state" NOT IN ('PENDING', 'QUEUED', 'RUNNING') OR "Lease"."serverId" <> '${newest?.id}'`,
  )) {
    lies.push(`job ${jobId}, which is ${state}, has a lease`)
  }
  for (const { id, count } of rows<{ id: string; count: number }>(
    `SELECT "Task"."jobId" AS "id", count("Archive"."id") AS "count"
     FROM "Task" LEFT JOIN "Archive" ON "Archive"."jobId" = "Task"."jobId"
     WHERE "Task"."kind" = 'BACKUP' AND "Task"."state" IN ('COMPLETED', 'COMPLETED_WITH_WARNINGS')
     GROUP BY "Task"."jobId" HAVING "count" <> 1`,
  )) {
    lies.push(`job ${id} has backed up and has ${count} archives`)
  }
  for (const { id, lineCount, stored } of rows<{ id: string; lineCount: number; stored: number }>(
    `SELECT "Task"."id", "Task"."lineCount", coalesce(sum("OutputChunk"."lineCount"), 0) AS "stored"
     FROM "Task" LEFT JOIN "OutputChunk" ON "OutputChunk"."taskId" = "Task"."id"
     GROUP BY "Task"."id" HAVING "Task"."lineCount" <> "stored"`,
  )) {
    lies.push(`task ${id} has printed ${lineCount} lines and has ${stored}`)
  }
  // A job that was tried again may have made its archive before: then only the rest was done again.
  for (const { id } of rows<{ id: string }>(
    `WITH RECURSIVE "Attempt"("id", "of") AS (
       SELECT "id", "id" FROM "Job" WHERE "kind" = 'BACKUP' AND "state" IN ('COMPLETED', 'COMPLETED_WITH_WARNINGS')
       UNION SELECT "Job"."retryOfId", "of" FROM "Attempt" JOIN "Job" USING ("id") WHERE "Job"."retryOfId" IS NOT NULL)
     SELECT "of" AS "id" FROM "Attempt" LEFT JOIN "Archive" ON "Archive"."jobId" = "Attempt"."id"
     GROUP BY "of" HAVING count("Archive"."id") = 0`,
  )) {
    lies.push(`backup ${id} is completed and neither it nor what it tries again has an archive`)
  }
  lies.push(...lookAtSchedules(rows))
  for (const fault of [...(db.pragma('foreign_key_check') as object[])])
    lies.push(`broken key ${JSON.stringify(fault)}`)
  return { serverId: newest?.id ?? null, jobs, lies }
}

/** What cannot be true of schedules and their runs, where no person starts any. */
const lookAtSchedules = (rows: <Row>(sql: string) => readonly Row[]): readonly string[] => [
  ...rows<{ name: string }>(`SELECT "name" FROM "Schedule" WHERE "isEnabled" AND "nextRunAt" IS NULL`).map(
    ({ name }) => `schedule ${name} is enabled and never runs again`,
  ),
  ...rows<{ scheduleId: string; count: number }>(
    `SELECT "scheduleId", count(*) AS "count" FROM "Job" WHERE "scheduledFor" IS NOT NULL
     GROUP BY "scheduleId", "scheduledFor" HAVING "count" > 1`,
  ).map(({ scheduleId, count }) => `schedule ${scheduleId} ran ${count} times for one time`),
  ...rows<{ name: string; count: number }>(
    `SELECT "name", count(*) AS "count" FROM "Job" JOIN "Schedule" ON "Schedule"."id" = "scheduleId"
     WHERE "state" IN ('PENDING', 'QUEUED', 'RUNNING')
     GROUP BY "scheduleId" HAVING "count" > CASE "overlapPolicy" WHEN 'SKIP' THEN 1 ELSE 2 END`,
  ).map(({ name, count }) => `schedule ${name} has ${count} jobs that have not ended`),
]

/** What cannot be true of two moments, the second after the first: what has ended stays so, and nothing is lost. */
export const compareMoments = (before: Moment, after: Moment): readonly string[] => {
  const now = new Map(after.jobs.map((job) => [job.id, job]))
  return before.jobs.flatMap((job) => {
    const then = now.get(job.id)
    if (then === undefined) return [`job ${job.id} is lost`]
    const hasChanged = then.state !== job.state || then.finishedAt !== job.finishedAt
    return finalStates.includes(job.state) && hasChanged ? [`job ${job.id} was ${job.state} and is ${then.state}`] : []
  })
}
