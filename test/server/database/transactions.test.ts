import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { migrate } from '../../../server/database/migrate.ts'
import { isBusy, isRecordsFault, sqliteCode } from '../../../server/database/sqlite-codes.ts'
import { smallFolder } from '../../support/mounts.ts'
import { openRecords, recordsFile } from '../../support/records.ts'

const server = (host: string) => ({ data: { host, pid: 1 } })

/** What a new connection finds, which sees only what was committed. */
const committed = (file: string): string[] => {
  const db = new Sqlite(file, { readonly: true })
  const hosts = db.prepare('SELECT host FROM "Server" ORDER BY id').pluck().all()
  db.close()
  return hosts.map(String)
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

/** Writes that only the commit refuses. */
const orphan = (records: Pick<Database, '$executeRaw'>) => [
  records.$executeRaw`PRAGMA defer_foreign_keys = ON`,
  records.$executeRaw`INSERT INTO "OutputChunk" VALUES ('nobody', 0, 0, FALSE, X'')`,
]

describe('a transaction that cannot be committed', () => {
  test('is undone, and takes nothing along that is written later', async () => {
    const file = recordsFile()
    const db = await openRecords(file)

    const error = await failure(
      db.$transaction(async (records) => {
        await records.server.create(server('in the transaction'))
        for (const write of orphan(records)) await write
      }),
    )
    await db.server.create(server('later'))
    await db.$transaction([db.server.create(server('in the next one'))])

    expect(sqliteCode(error)).toBe('SQLITE_CONSTRAINT_FOREIGNKEY')
    expect(isRecordsFault(error)).toBe(false)
    expect(committed(file)).toEqual(['later', 'in the next one'])
  })

  test('is undone where it is a list of writes, also for those that wait for it', async () => {
    const file = recordsFile()
    const db = await openRecords(file)

    const [failed, waiting] = await Promise.allSettled([
      db.$transaction([...orphan(db), db.server.create(server('in the transaction'))]),
      db.server.create(server('beside')),
    ])

    expect([failed.status, waiting.status]).toEqual(['rejected', 'fulfilled'])
    expect(committed(file)).toEqual(['beside'])
  })

  test('is undone where the disk is full, and is done again as soon as there is room', async () => {
    const folder = smallFolder(8)
    const file = join(folder, 'records.sqlite')
    await migrate(file)
    const db = await openRecords(file)
    await db.server.create(server('before'))
    const filler = join(folder, 'filler')
    for (let size = 2 ** 23; size >= 512; size /= 2) {
      for (let count = 0; count < 2; count++) {
        try {
          writeFileSync(filler, randomBytes(size), { flag: 'a' })
        } catch {}
      }
    }
    const write = () =>
      db.$transaction([db.server.create(server('a'.repeat(9000))), db.server.create(server('b'.repeat(9000)))])

    const error = await failure(write())
    const alone = await failure(db.server.create(server('c'.repeat(9000))))
    const seen = await db.server.count()
    rmSync(filler)
    await write()

    for (const each of [error, alone]) {
      expect(sqliteCode(each)).toMatch(/^SQLITE_(FULL|IOERR)/)
      expect(isRecordsFault(each)).toBe(true)
    }
    expect(seen).toBe(1)
    expect(committed(file).map(([first]) => first)).toEqual(['b', 'a', 'b'])
  })

  test('does not go on by halves where SQLite has undone its beginning', async () => {
    const file = recordsFile()
    const db = await openRecords(file)

    const error = await failure(
      db.$transaction(async (records) => {
        await records.server.create(server('first half'))
        await records.$executeRaw`ROLLBACK`
        await failure(records.server.create(server('second half')))
      }),
    )
    await db.server.create(server('later'))

    expect(String(error)).toContain('all that belonged together')
    expect(committed(file)).toEqual(['later'])
  })
})

describe('a lock of another program', () => {
  /** Lets all go on that waits for nothing. */
  const manyTurns = async () => {
    for (let turn = 0; turn < 1000; turn++) await setImmediate()
  }

  test.each(['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE'])(
    'is waited for while everybody else goes on (%s)',
    async (begin) => {
      const file = recordsFile()
      const db = await openRecords(file)
      const other = new Sqlite(file)
      other.exec(begin)
      const isDone = new Map<string, boolean>()
      const note = (name: string, work: Promise<unknown>) => work.then(() => isDone.set(name, true))

      const writes = [
        note('alone', db.server.create(server('alone'))),
        note('raw', db.$executeRaw`INSERT INTO "Server" ("id", "host", "pid") VALUES ('0', 'raw', 1)`),
        note('list', db.$transaction([db.server.create(server('list')), db.server.count()])),
        note(
          'work',
          db.$transaction(async (records) => {
            if ((await records.server.count()) >= 0) await records.server.create(server('work'))
          }),
        ),
      ]
      // Were the lock waited for in place, nothing of this would happen before it is given up.
      await manyTurns()
      const seen = await db.server.count()
      const doneMeanwhile = [...isDone.keys()]
      other.exec(`INSERT INTO "Server" ("id", "host", "pid") VALUES ('1', 'other', 1); COMMIT`)
      await Promise.all(writes)
      other.close()

      expect(seen).toBe(0)
      expect(doneMeanwhile).toEqual([])
      expect(committed(file).toSorted()).toEqual(['alone', 'list', 'other', 'raw', 'work'])
    },
  )

  test('is waited for when the records are opened', async () => {
    const file = recordsFile()
    const other = new Sqlite(file)
    other.pragma('journal_mode = DELETE')
    other.exec('BEGIN EXCLUSIVE')
    const opened = openRecords(file)
    await manyTurns()
    other.exec('COMMIT')
    other.close()

    expect(await (await opened).server.count()).toBe(0)
  })

  test('is told apart from what waiting does not help', async () => {
    const file = recordsFile()
    const db = new Sqlite(file, { timeout: 0 })
    const other = new Sqlite(file)
    other.exec('BEGIN IMMEDIATE')
    const errorOf = (sql: string) => failure(new Promise(() => db.exec(sql)))
    const locked = await errorOf('DELETE FROM "Server"')
    const wrong = await errorOf('DELETE FROM "Nothing"')
    for (const each of [other, db]) each.close()

    expect([locked, wrong].map(isBusy)).toEqual([true, false])
    expect([locked, wrong].map(isRecordsFault)).toEqual([true, false])
    expect(isRecordsFault(new Error('something else'))).toBe(false)
  })
})

describe('the client', () => {
  const uses: [string, (db: Database) => unknown][] = [
    ['a query', (db) => db.server.count()],
    ['one by key', (db) => db.server.findUnique({ where: { id: 'x' } })],
    ['SQL', (db) => db.$queryRaw`SELECT 1`],
    ['a list of writes', (db) => db.$transaction([])],
    ['a transaction', (db) => db.$transaction(async () => {})],
  ]
  test.each(uses)('throws at once where it is used within a transaction: %s', async (_name, use) => {
    const file = recordsFile()
    const db = await openRecords(file)

    const inside = db.$transaction(async (records) => {
      await records.server.create(server('undone'))
      await setImmediate()
      await use(db)
    })

    await expect(inside).rejects.toThrow('within a transaction: it must be asked of what the transaction was given')
    expect(committed(file)).toEqual([])
    await db.server.create(server('later'))
    expect(committed(file)).toEqual(['later'])
  })

  test('may be used by others meanwhile, and by what a transaction has begun when that is over', async () => {
    const file = recordsFile()
    const db = await openRecords(file)
    const over = Promise.withResolvers<void>()
    let later: Promise<unknown> = Promise.resolve()

    await Promise.all([
      db.$transaction(async (records) => {
        later = over.promise.then(() => db.server.create(server('later')))
        await records.server.findUnique({ where: { id: 'x' } })
      }),
      db.server.findUnique({ where: { id: 'x' } }),
      db.server.create(server('beside')),
    ])
    over.resolve()
    await later

    expect(committed(file)).toEqual(['beside', 'later'])
  })
})
