import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Database, openDatabase } from '../../server/database/client.ts'
import type { ApiClient } from '../support/api-client.ts'

/** What there is to filter the jobs by. */
export interface Filled {
  /** Global ids: a plan, the repository that it writes to, and its schedule. */
  readonly repositoryId: string
  readonly planId: string
  readonly scheduleId: string
  /** The times of the first job, of the one in the middle, and after the last, in ISO 8601. */
  readonly from: string
  readonly middle: string
  readonly to: string
}

const repositories = 100
const plans = 200

/** A job every 30 seconds. */
const interval = 30_000

/** Jobs that are written in one go: the server waits for its turn meanwhile. */
const portion = 25_000

const fixedId = (kind: number, index: string) => `printf('01900000-0000-7000-800${kind}-%012x', ${index})`

const numbers = (from: string, below: string) =>
  `WITH RECURSIVE number(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM number WHERE i < ${below} - 1)`

const fillOwners = async (db: Database) => {
  await db.$executeRawUnsafe(`INSERT INTO "Repository" ("id", "name", "location", "state")
    ${numbers('0', `${repositories}`)}
    SELECT ${fixedId(0, 'i')}, 'repository ' || i, '/srv/borg/' || i, 'READY' FROM number`)
  await db.$executeRawUnsafe(`INSERT INTO "BackupPlan" ("id", "name", "repositoryId", "settings", "updatedAt")
    ${numbers('0', `${plans}`)}
    SELECT ${fixedId(1, 'i')}, 'plan ' || i, ${fixedId(0, `i % ${repositories}`)}, '{"sources":["/home"]}',
      '2026-01-01T00:00:00.000+00:00' FROM number`)
  await db.$executeRawUnsafe(`INSERT INTO "Schedule" ("id", "name", "action", "planId", "cron", "timeZone", "isEnabled")
    ${numbers('0', `${plans}`)}
    SELECT ${fixedId(2, 'i')}, 'schedule ' || i, 'BACKUP', ${fixedId(1, 'i')}, '@daily', 'UTC', FALSE FROM number`)
}

/** Jobs of all kinds and ends, from one in a hundred thousand to nine of ten, each with a task or two. */
const fillJobs = async (db: Database, start: number, from: number, below: number) => {
  await db.$executeRawUnsafe(`INSERT INTO "Job" ("id", "kind", "state", "repositoryId", "repositoryName", "settings",
      "planId", "scheduleId", "problem", "createdAt", "startedAt", "finishedAt")
    ${numbers(`${from}`, `${below}`)},
    drawn AS (SELECT i, ${start} + i * ${interval} AS time, i * 7919 % 1000003 AS a, i * 104729 % 999983 AS b FROM number),
    made AS (SELECT i, (a * 31 + b) % ${plans} AS plan, b % 10 AS asked,
      printf('%08x-%04x-7%03x-8%03x-%012x', time >> 16, time & 65535, a & 4095, b & 4095, i) AS id,
      strftime('%Y-%m-%dT%H:%M:%S', time / 1000, 'unixepoch') || printf('.%03d+00:00', time % 1000) AS at,
      CASE WHEN a % 1000 < 900 THEN 'BACKUP' WHEN a % 1000 < 990 THEN 'REFRESH_ARCHIVES' WHEN a % 1000 < 999 THEN 'DRY_RUN'
        WHEN a % 100000 < 50000 THEN 'IMPORT_REPOSITORY' ELSE 'CREATE_REPOSITORY' END AS kind,
      CASE WHEN b % 1000 < 970 THEN 'COMPLETED' WHEN b % 1000 < 985 THEN 'COMPLETED_WITH_WARNINGS'
        WHEN b % 1000 < 997 THEN 'FAILED' WHEN b % 100000 = 99999 THEN 'INTERRUPTED' ELSE 'CANCELLED' END AS state
      FROM drawn)
    SELECT id, kind, state, ${fixedId(0, `plan % ${repositories}`)}, 'repository ' || (plan % ${repositories}),
      '{"sources":["/home/ada","/etc"],"patterns":[],"compression":{"algorithm":"LZ4","level":null,"isAuto":false}}',
      CASE WHEN kind IN ('BACKUP', 'DRY_RUN') THEN ${fixedId(1, 'plan')} END,
      CASE WHEN kind = 'BACKUP' AND asked < 8 THEN ${fixedId(2, 'plan')} END,
      CASE WHEN state = 'FAILED' THEN 'The repository could not be reached.' END, at, at, at FROM made`)
  await db.$executeRawUnsafe(
    `INSERT INTO "Task" ("id", "jobId", "position", "kind", "state", "startedAt", "finishedAt", "commandLine", "fileCount",
      "originalSize", "compressedSize", "deduplicatedSize", "lineCount", "outputSize")
    SELECT substr(job."id", 1, 14) || '7' || place.i || substr(job."id", 17), job."id", place.i,
      CASE WHEN job."kind" IN ('BACKUP', 'DRY_RUN') AND place.i = 0 THEN job."kind" ELSE 'LIST' END,
      job."state", job."startedAt", job."finishedAt", 'borg create --log-json --list -- /srv/borg/1::archive', 123456,
      123456789012, 98765432109, 1234567890, 1000, 20000
    FROM "Job" AS job JOIN (SELECT 0 AS i UNION ALL SELECT 1) AS place
      ON place.i = 0 OR job."kind" IN ('BACKUP', 'DRY_RUN', 'CREATE_REPOSITORY')
    WHERE job."id" >= ? AND job."id" < ?`,
    idAt(start + from * interval),
    idAt(start + below * interval),
  )
}

const idAt = (time: number) => {
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}`
}

const globalId = (type: string, kind: number, index: number) =>
  Buffer.from(`${type}:01900000-0000-7000-800${kind}-${index.toString(16).padStart(12, '0')}`).toString('base64')

/** Writes `count` jobs that have ended into the records of a server that runs, and has the server keep them all. */
export const fillRecords = async (api: ApiClient, dataFolder: string, count: number): Promise<Filled> => {
  await api.query('mutation { updateHistory(input: { days: null, jobs: null, outputBytes: null }) { __typename } }')
  const start = Date.now() - count * interval
  const db = await openDatabase(join(dataFolder, 'borgitory.sqlite'))
  try {
    await fillOwners(db)
    for (let from = 0; from < count; from += portion) {
      await fillJobs(db, start, from, Math.min(from + portion, count))
      // SQLite works on this thread: sockets that the server has closed meanwhile are to be seen.
      await setImmediate()
    }
  } finally {
    await db.$disconnect()
  }
  const at = (index: number) => new Date(start + index * interval).toISOString()
  return {
    repositoryId: globalId('Repository', 0, 7),
    planId: globalId('BackupPlan', 1, 7),
    scheduleId: globalId('Schedule', 2, 7),
    from: at(0),
    middle: at(Math.floor(count / 2)),
    to: at(count),
  }
}
