import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/database/client.ts'
import { migrate } from '../../../server/database/migrate.ts'
import { migrationsFolder, readMigrations } from '../../../server/database/migrations.ts'
import { sqliteCode } from '../../../server/database/sqlite-codes.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { smallFolder } from '../../support/mounts.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const arrange = () => {
  const folder = temporaryFolder()
  const migrations = join(folder, 'migrations')
  cpSync(migrationsFolder, migrations, { recursive: true })
  return {
    data: join(folder, 'data'),
    file: join(folder, 'data', 'records.sqlite'),
    migrations,
    addMigration: (name: string, sql: string) => {
      mkdirSync(join(migrations, name))
      writeFileSync(join(migrations, name, 'migration.sql'), sql)
    },
  }
}

const open = async (file: string) => {
  const db = await openDatabase(file)
  cleanUpAfter(() => db.$disconnect())
  return db
}

/** Leaves one row behind, and the file closed. */
const use = async (file: string) => {
  const db = await openDatabase(file)
  await db.server.create({ data: { host: 'here', pid: 1 } })
  await db.$disconnect()
}

const appliedTo = async (file: string) => {
  const db = await open(file)
  const rows = await db.$queryRawUnsafe<{ migration_name: string }[]>('SELECT migration_name FROM _prisma_migrations')
  return rows.map((row) => row.migration_name)
}

test('makes new records, and nothing beside them', async () => {
  const { data, file } = arrange()

  await migrate(file)

  expect(readdirSync(data)).toEqual(['records.sqlite'])
  expect(await appliedTo(file)).toEqual(readMigrations(migrationsFolder).map(({ name }) => name))
})

test('leaves records that are up to date alone', async () => {
  const { file } = arrange()
  await migrate(file)
  await use(file)
  const before = readFileSync(file)

  await migrate(file)

  expect(readFileSync(file).equals(before)).toBe(true)
})

test('brings older records up to date and keeps what is in them', async () => {
  const { data, file, migrations, addMigration } = arrange()
  await migrate(file, migrations)
  await use(file)
  addMigration('29990101000000_add', 'ALTER TABLE "Server" ADD COLUMN "colour" TEXT NOT NULL DEFAULT \'red\';')

  await migrate(file, migrations)

  expect(readdirSync(data)).toEqual(['records.sqlite'])
  const db = await open(file)
  expect(await db.$queryRawUnsafe('SELECT host, colour FROM "Server"')).toEqual([{ host: 'here', colour: 'red' }])
})

test('leaves the records as they were when a migration fails half-way', async () => {
  const { data, file, migrations, addMigration } = arrange()
  await migrate(file, migrations)
  await use(file)
  addMigration('29990101000000_good', 'CREATE TABLE "Good" ("id" TEXT);')
  addMigration('29990102000000_bad', 'CREATE TABLE "Half" ("id" TEXT); INSERT INTO "Missing" VALUES (1);')

  await expect(migrate(file, migrations)).rejects.toThrow(/29990102000000_bad failed.*`Missing` does not exist/)

  expect(readdirSync(data)).toEqual(['records.sqlite'])
  const db = await open(file)
  expect(await db.$queryRawUnsafe("SELECT name FROM sqlite_schema WHERE name IN ('Good', 'Half')")).toEqual([])
  expect(await db.server.count()).toBe(1)
})

test('leaves the records as they were, or brings all of them up to date, however much room there is on their disk', async () => {
  const { migrations } = arrange()
  const last = readMigrations(migrations).at(-1)?.name ?? ''
  const older = join(temporaryFolder(), 'migrations')
  cpSync(migrations, older, { recursive: true })
  rmSync(join(older, last), { recursive: true })
  const ends = new Set<string>()
  for (const room of [0, 200, 400, 600, 800, 1_000, 1_200, 1_600, 2_000, 3_000]) {
    const folder = smallFolder(12)
    const file = join(folder, 'records.sqlite')
    await migrate(file, older)
    await use(file)
    const size = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), randomBytes(size.bavail * size.bsize - room * 1024))

    const error = await migrate(file, migrations).then(
      () => null,
      (error: Error) => error,
    )

    ends.add(error === null ? 'migrated' : 'refused')
    if (error !== null) expect(sqliteCode(error) ?? error.message).toMatch(/^SQLITE_(FULL|IOERR)|left as they were/)
    rmSync(join(folder, 'filler'))
    await migrate(file, migrations)
    const db = await open(file)
    expect(await db.$queryRawUnsafe('PRAGMA integrity_check'), `${room} KiB`).toEqual([{ integrity_check: 'ok' }])
    expect(await db.server.count()).toBe(1)
    expect((await appliedTo(file)).at(-1)).toBe(last)
  }
  expect(ends).toEqual(new Set(['refused', 'migrated']))
})

test('refuses a migration that was edited after it had been applied', async () => {
  const { file, migrations } = arrange()
  await migrate(file, migrations)
  const [first] = readMigrations(migrations)
  writeFileSync(join(migrations, first?.name ?? '', 'migration.sql'), `${first?.sql}-- edited\n`)

  await expect(migrate(file, migrations)).rejects.toThrow(`The migration ${first?.name} was edited`)
})

test('refuses records of a version that it does not know', async () => {
  const { file, migrations, addMigration } = arrange()
  addMigration('29990101000000_later', 'CREATE TABLE "Later" ("id" TEXT);')
  await migrate(file, migrations)

  await expect(migrate(file)).rejects.toThrow(/29990101000000_later.*another version/)
})

test('refuses a file that is something else', async () => {
  const { data, file } = arrange()
  mkdirSync(data)
  writeFileSync(
    file,
    'these are not the records that you are looking for, and they are long enough for a header\n'.repeat(9),
  )

  await expect(migrate(file)).rejects.toSatisfy((error) => sqliteCode(error) === 'SQLITE_NOTADB')
})

test('takes the records away from other readers', async () => {
  const { file } = arrange()
  await migrate(file)
  chmodSync(file, 0o644)

  await migrate(file)

  expect(statSync(file).mode & 0o777).toBe(0o600)
})
