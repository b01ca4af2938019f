import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { pino } from 'pino'
import { beforeEach, expect, test } from 'vitest'
import { isCopyDue, listCopies, makeCopy, type RecordsPlaces, recordsCopies } from '../../../server/database/copies.ts'
import { DataFolderInUse, lockDataFolder } from '../../../server/database/data-folder-lock.ts'
import { RecordsUnusable } from '../../../server/database/errors.ts'
import { CopyNotFound, restoreCopy } from '../../../server/database/restore.ts'
import { openVault } from '../../../server/secrets/vault.ts'
import { damagePage } from '../../support/damage.ts'
import { smallFolder } from '../../support/mounts.ts'
import { openRecords, recordsFile } from '../../support/records.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let dataFolder: string
let places: RecordsPlaces

const arrange = (folder: string) => {
  dataFolder = folder
  places = { dataFolder, databaseFile: recordsFile(), secretKeyFile: join(dataFolder, 'secret.key') }
}

beforeEach(async () => {
  arrange(temporaryFolder())
  await openVault(places.secretKeyFile)
})

const make = (from = places) => makeCopy(from, new AbortController().signal)

const hosts = (file: string) => {
  const db = new Sqlite(file, { readonly: true })
  const found = db.prepare('SELECT host FROM "Server" ORDER BY id').pluck().all()
  db.close()
  return found
}

const copyNames = () => readdirSync(join(dataFolder, 'records-copies')).toSorted()

/** A copy that seems to have been made at a time. */
const addCopy = (name: string) => {
  const folder = join(dataFolder, 'records-copies', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'records.sqlite'), '')
}

test('a copy holds what was written, for its owner alone, and the key where that lies in the data folder', async () => {
  const db = await openRecords(places.databaseFile)
  await db.server.create({ data: { host: 'before', pid: 1 } })

  const made = await make()
  await db.server.create({ data: { host: 'after', pid: 1 } })

  expect(hosts(made.file)).toEqual(['before'])
  expect(readFileSync(made.keyFile ?? '')).toEqual(readFileSync(places.secretKeyFile))
  expect(copyNames()).toEqual([made.name])
  expect(Math.abs(Date.now() - made.madeAt.getTime())).toBeLessThan(60_000)
  const modes = ['', made.name, `${made.name}/records.sqlite`, `${made.name}/secret.key`].map(
    (path) => statSync(join(dataFolder, 'records-copies', path)).mode & 0o777,
  )
  expect(modes).toEqual([0o700, 0o700, 0o600, 0o600])
})

test('no key lies beside a copy where it is kept elsewhere', async () => {
  const secretKeyFile = join(temporaryFolder(), 'secret.key')
  await openVault(secretKeyFile)
  const made = await make({ ...places, secretKeyFile })
  expect(made.keyFile).toBeNull()
  expect(readdirSync(join(dataFolder, 'records-copies', made.name))).toEqual(['records.sqlite'])
})

test('the last seven are kept, and whatever else lies there', async () => {
  const older = Array.from({ length: 8 }, (_, index) => `2020-01-0${index + 1}T00-00-00Z`)
  for (const name of [...older, 'my own']) addCopy(name)

  const made = await make()

  expect(copyNames()).toEqual([...older.slice(2), made.name, 'my own'].toSorted())
  expect(listCopies(dataFolder).map(({ name }) => name)).toEqual([made.name, ...older.slice(2).toReversed()])
})

test('one that is made while the clock is far back is kept for all that', async () => {
  const later = Array.from({ length: 7 }, (_, index) => `2999-01-0${index + 1}T00-00-00Z`)
  for (const name of later) addCopy(name)
  const made = await make()
  expect(copyNames()).toEqual([made.name, ...later.slice(1)])
})

test.each([
  ['2026-06-01T04:00:00Z', '2026-06-02T03:59:59Z', false],
  ['2026-06-01T04:00:00Z', '2026-06-02T04:00:00Z', true],
  // Made while the clock was years ahead.
  ['2031-06-01T04:00:00Z', '2026-06-02T04:00:00Z', true],
])('after one of %s, another is due at %s: %s', (madeAt, now, isDue) => {
  const copies = [{ madeAt: new Date('2020-01-01T00:00:00Z') }, { madeAt: new Date(madeAt) }]
  expect(isCopyDue(copies, new Date(now))).toBe(isDue)
  expect(isCopyDue([], new Date(now))).toBe(true)
})

test('damaged records make no copy, and no good one goes for it', async () => {
  const db = await openRecords(places.databaseFile)
  await db.server.createMany({ data: Array.from({ length: 2000 }, (_, pid) => ({ host: 'here', pid })) })
  await db.$disconnect()
  const good = await make()
  for (let index = 1; index <= 6; index++) addCopy(`2020-01-0${index}T00-00-00Z`)
  damagePage(places.databaseFile, 'Server')

  await expect(make()).rejects.toThrow(RecordsUnusable)

  expect(copyNames()).toHaveLength(7)
  expect(copyNames()).toContain(good.name)
})

test('no copy is begun for which there is no room', async () => {
  arrange(smallFolder(8))
  await expect(make()).rejects.toThrow(/needs \d+ bytes of free space/)
  expect(readdirSync(dataFolder)).toEqual([])
})

test('one that is being made when the server stops is not there afterwards', async () => {
  const stopping = new AbortController()
  const making = expect(makeCopy(places, stopping.signal)).rejects.toThrow()
  stopping.abort()
  await making
  expect(listCopies(dataFolder)).toEqual([])
})

test('the chore makes one where none was made within a day, and says what keeps it from that', async () => {
  const lines: string[] = []
  const log = pino({ base: undefined }, { write: (line) => void lines.push(JSON.parse(line).msg) })
  const { signal } = new AbortController()
  const { work } = recordsCopies(places, log)
  addCopy('2020-01-01T00-00-00Z')
  await work(signal)
  await work(signal)
  expect(copyNames()).toHaveLength(2)
  expect(lines).toEqual(['made a copy of the records'])

  arrange(smallFolder(8))
  await recordsCopies(places, log).work(signal)
  await recordsCopies({ ...places, dataFolder: join(temporaryFolder(), 'gone') }, log).work(signal)
  expect(lines[1]).toMatch(/^A copy of the records needs \d+ bytes of free space. None is made until there is room$/)
  expect(lines[2]).toBe('no copy of the records could be made; trying again in an hour')
})

test('going back puts records and key in their place, and keeps what was there', async () => {
  const db = await openRecords(places.databaseFile)
  await db.server.create({ data: { host: 'before', pid: 1 } })
  const { name } = await make()
  const key = readFileSync(places.secretKeyFile)
  // Not closed: what is only in the log is kept as well, as after a crash.
  await db.server.create({ data: { host: 'after', pid: 1 } })
  rmSync(places.secretKeyFile)
  await openVault(places.secretKeyFile)
  const otherKey = readFileSync(places.secretKeyFile)

  const { recordsBefore, keyBefore, isKeyRestored } = restoreCopy(places, name)
  await db.$disconnect()

  expect(hosts(places.databaseFile)).toEqual(['before'])
  expect(hosts(recordsBefore ?? '')).toEqual(['before', 'after'])
  expect(isKeyRestored).toBe(true)
  expect(readFileSync(places.secretKeyFile)).toEqual(key)
  expect(readFileSync(keyBefore ?? '')).toEqual(otherKey)
  for (const file of [places.databaseFile, places.secretKeyFile]) expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(copyNames()).toEqual([name])
})

test('going back works where nothing is left, and leaves a key alone that is the right one', async () => {
  const { name } = await make()
  rmSync(places.databaseFile)
  expect(restoreCopy(places, name)).toEqual({ recordsBefore: null, keyBefore: null, isKeyRestored: false })
  expect(hosts(places.databaseFile)).toEqual([])
})

test('what a log holds whose records are gone does not come upon those that are put in their place', async () => {
  const db = await openRecords(places.databaseFile)
  await db.server.create({ data: { host: 'before', pid: 1 } })
  const { name } = await make()
  await db.server.create({ data: { host: 'after', pid: 1 } })
  // As after a crash, for a connection that is closed takes its log along.
  const log = readFileSync(`${places.databaseFile}-wal`)
  await db.$disconnect()
  rmSync(places.databaseFile)
  writeFileSync(`${places.databaseFile}-wal`, log)

  expect(restoreCopy(places, name).recordsBefore).toBeNull()

  expect(hosts(places.databaseFile)).toEqual(['before'])
  const beside = readdirSync(dirname(places.databaseFile)).filter((file) => /\.before-.*-wal$/.test(file))
  expect(beside).toHaveLength(1)
})

test('going back changes nothing while a server runs, or to a copy that is damaged or not there', async () => {
  const db = await openRecords(places.databaseFile)
  await db.server.createMany({ data: Array.from({ length: 2000 }, (_, pid) => ({ host: 'here', pid })) })
  await db.$disconnect()
  const { name, file } = await make()
  const before = readFileSync(places.databaseFile)

  const folderLock = lockDataFolder(dataFolder)
  expect(() => restoreCopy(places, name)).toThrow(DataFolderInUse)
  folderLock.release()
  expect(() => restoreCopy(places, '../../etc')).toThrow(CopyNotFound)
  damagePage(file, 'Server')
  expect(() => restoreCopy(places, name)).toThrow(RecordsUnusable)

  expect(readFileSync(places.databaseFile).equals(before)).toBe(true)
})
