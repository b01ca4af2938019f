import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openDatabase } from '../../../server/database/client.ts'
import { migrate } from '../../../server/database/migrate.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const openRecords = async () => {
  const file = join(temporaryFolder(), 'records.sqlite')
  await migrate(file)
  const db = await openDatabase(file)
  cleanUpAfter(() => db.$disconnect())
  return { file, db }
}

/** Lets all go on that waits for nothing. */
const manyTurns = async () => {
  for (let turn = 0; turn < 100; turn++) await setImmediate()
}

const server = (host: string) => ({ data: { host, pid: 1 } })

test('asks SQLite for a write-ahead log, full sync, foreign keys, and never to stand still for a lock', async () => {
  const { db } = await openRecords()
  const pragma = async (name: string) =>
    Object.values((await db.$queryRawUnsafe<Record<string, unknown>[]>(`PRAGMA ${name}`))[0] ?? {})[0]

  expect(await pragma('journal_mode')).toBe('wal')
  expect(await pragma('synchronous')).toBe(2n)
  expect(await pragma('foreign_keys')).toBe(1n)
  expect(await pragma('busy_timeout')).toBe(0n)
  expect(await pragma('cache_size')).toBe(-8000n)
  expect(await pragma('wal_autocheckpoint')).toBe(4000n)

  await db.$disconnect()
  expect(await pragma('synchronous')).toBe(2n)
})

test('refuses a row that names one that does not exist', async () => {
  const { db } = await openRecords()
  const session = { tokenHash: 'hash', userId: 'nobody', expiresAt: new Date() }

  await expect(db.session.create({ data: session })).rejects.toMatchObject({ code: 'P2003' })
})

test('lets nobody but the owner read the file, its log and its folder', async () => {
  const folder = join(temporaryFolder(), 'data')
  const file = join(folder, 'records.sqlite')
  await migrate(file)
  const db = await openDatabase(file)
  cleanUpAfter(() => db.$disconnect())
  await db.server.create(server('here'))
  const mode = (path: string) => statSync(path).mode & 0o777

  expect(mode(folder)).toBe(0o700)
  expect(mode(file)).toBe(0o600)
  expect(mode(`${file}-wal`)).toBe(0o600)
})

test('keeps what is written beside a transaction that is rolled back', async () => {
  const { db } = await openRecords()
  const begun = Promise.withResolvers<void>()
  const failing = Promise.withResolvers<void>()

  const transaction = db.$transaction(async (tx) => {
    await tx.server.create(server('inside'))
    begun.resolve()
    await failing.promise
    throw new Error('changed my mind')
  })
  const isRolledBack = expect(transaction).rejects.toThrow('changed my mind')
  await begun.promise
  const written = db.server.create(server('outside'))
  const seen = db.server.count({ where: { host: 'inside' } })
  failing.resolve()
  await Promise.all([isRolledBack, written])

  expect(await seen).toBe(0)
  expect(await db.server.findMany({ select: { host: true } })).toEqual([{ host: 'outside' }])
})

test('keeps what is written beside the last of several transactions that waited', async () => {
  const { db } = await openRecords()
  const [first, last] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const [firstBegun, lastBegun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]

  const transactions = [
    db.$transaction(async (tx) => {
      await tx.server.create(server('1'))
      firstBegun.resolve()
      await first.promise
    }),
    firstBegun.promise.then(() => db.$transaction((tx) => tx.server.create(server('2')))),
    firstBegun.promise.then(() =>
      db.$transaction(async (tx) => {
        await tx.server.create(server('3'))
        lastBegun.resolve()
        await last.promise
        throw new Error('changed my mind')
      }),
    ),
  ]
  const settled = Promise.allSettled(transactions)
  await firstBegun.promise
  await manyTurns()
  first.resolve()
  await lastBegun.promise
  const beside = Promise.all([db.server.create(server('outside')), db.server.count({ where: { host: '3' } })])
  await manyTurns()
  last.resolve()
  const [, seen] = await beside

  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(seen).toBe(0)
  const rows = await db.server.findMany({ select: { host: true }, orderBy: { id: 'asc' } })
  expect(rows.map(({ host }) => host)).toEqual(['1', '2', 'outside'])
})

test('runs transactions one after the other, whatever becomes of them', async () => {
  const { db } = await openRecords()

  const results = await Promise.allSettled(
    ['a', 'b', 'c'].map((host) =>
      db.$transaction(async (tx) => {
        await tx.server.create(server(host))
        if (host === 'b') throw new Error('changed my mind')
      }),
    ),
  )

  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await db.server.findMany({ select: { host: true }, orderBy: { id: 'asc' } })).toEqual([
    { host: 'a' },
    { host: 'c' },
  ])
})
