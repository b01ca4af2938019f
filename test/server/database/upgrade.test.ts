import { cpSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { migrate } from '../../../server/database/migrate.ts'
import { migrationsFolder, readMigrations } from '../../../server/database/migrations.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** One of everything that hangs on something else, as the first version wrote it. */
const records = `
  INSERT INTO "User" ("id", "username", "passwordHash") VALUES ('user', 'anna', 'hash');
  INSERT INTO "Session" ("id", "tokenHash", "userId", "expiresAt") VALUES ('session', 'hash', 'user', 0);
  INSERT INTO "Server" ("id", "host", "pid") VALUES ('server', 'here', 1);
  INSERT INTO "Repository" ("id", "name", "location") VALUES ('repository', 'family', '/backups');
  INSERT INTO "BackupPlan" ("id", "name", "repositoryId", "settings", "updatedAt")
    VALUES ('plan', 'photos', 'repository', '{}', 0);
  INSERT INTO "Schedule" ("id", "name", "action", "planId", "cron", "timeZone")
    VALUES ('schedule', 'nightly', 'BACKUP', 'plan', '@daily', 'UTC');
  INSERT INTO "Job" ("id", "kind", "state", "repositoryId", "repositoryName", "settings", "planId", "scheduleId", "requestedById", "serverId", "scheduledFor")
    VALUES ('job', 'BACKUP', 'RUNNING', 'repository', 'family', '{"sources":["/srv/b","/srv/a é"]}', 'plan', 'schedule', 'user', 'server', '2026-11-23T00:00:00.000+00:00');
  INSERT INTO "Task" ("id", "jobId", "position", "kind", "lineCount", "dryRunSummary")
    VALUES ('task', 'job', 0, 'BACKUP', 1, '{"included":1}');
  INSERT INTO "FileProblem" ("id", "taskId", "position", "message") VALUES ('problem', 'task', 0, 'unreadable');
  INSERT INTO "OutputChunk" ("taskId", "first", "lineCount", "compressed", "data") VALUES ('task', 0, 1, 0, X'410a');
  INSERT INTO "Lease" ("repositoryId", "jobId", "serverId") VALUES ('repository', 'job', 'server');
  INSERT INTO "Archive" ("id", "repositoryId", "borgId", "name", "startedAt", "hostname", "username", "comment", "jobId")
    VALUES ('archive', 'repository', 'id', 'first', 0, 'here', 'anna', '', 'job');
  INSERT INTO "AgendaJob" ("id", "name") VALUES ('entry', 'run job');
`
const tables = [...records.matchAll(/INSERT INTO "(\w+)"/g)].map(([, table]) => String(table))

const rowsOf = (file: string) => {
  const db = new Sqlite(file)
  const rows = tables.map((table) => [table, db.prepare(`SELECT * FROM "${table}"`).get()] as const)
  const broken = db.pragma('foreign_key_check')
  db.close()
  return { rows: new Map(rows), broken }
}

test('records of the first version are all there in this one, and hang together as before', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'data', 'records.sqlite')
  const [first] = readMigrations(migrationsFolder)
  for (const name of ['migration_lock.toml', String(first?.name)]) {
    cpSync(join(migrationsFolder, name), join(folder, 'first', name), { recursive: true })
  }
  await migrate(file, join(folder, 'first'))
  const old = new Sqlite(file)
  old.exec(records)
  old.close()
  const before = rowsOf(file)

  await migrate(file)

  const after = rowsOf(file)
  expect(after.broken).toEqual([])
  const dealtWith = new Sqlite(file)
  expect(dealtWith.prepare('SELECT * FROM "ScheduledTime"').all()).toEqual([
    { scheduleId: 'schedule', scheduledFor: '2026-11-23T00:00:00.000+00:00' },
  ])
  dealtWith.close()
  // What a column is called now.
  const { dryRunSummary: summary, ...task } = before.rows.get('Task') as Record<string, unknown>
  const expected = new Map<string, unknown>([...before.rows, ['Task', { ...task, summary }]])
  for (const table of tables) expect(after.rows.get(table), table).toMatchObject(expected.get(table) as object)
  expect(after.rows.get('Archive')).toMatchObject({
    planId: 'plan',
    planName: 'photos',
    sources: JSON.stringify(['/srv/a é', '/srv/b']),
    isMarked: 0,
  })
})
