import { setTimeout as delay } from 'node:timers/promises'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type {
  SqlDriverAdapter,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
  Transaction,
} from '@prisma/driver-adapter-utils'
import Sqlite from 'better-sqlite3'
import { isBusy } from './sqlite-codes.ts'

/**
 * A cache in KiB (negative), half of the driver's: enough for what lists and indexes share. The log of what was written
 * is copied to the file every 4000 pages (16 MB), four times as seldom as SQLite would: each time waits for the disk, and
 * where hundreds of runs come due at once, they wait too. Settings hold for one connection only, and SQLite ignores what
 * it does not know: a test asks.
 */
const settings = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -8000;
  PRAGMA wal_autocheckpoint = 4000;
`

/** Milliseconds for which a lock of another program's is waited for. */
export const lockPatience = 10_000

/** The longest time between two looks whether the lock is free, in milliseconds. */
const longestPause = 50

/** Opens connections to an SQLite file, each with the same settings. */
export const sqlite = (file: string): SqlMigrationAwareDriverAdapterFactory => {
  // SQLite itself would wait for a lock with the whole process standing still.
  const factory = new PrismaBetterSqlite3({ url: `file:${file}`, timeout: 0 })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const connection = await factory.connect()
      try {
        await patiently(() => connection.executeScript(settings))
      } catch (error) {
        await connection.dispose()
        throw error
      }
      return keepApart(withEscapes(connection))
    },
    connectToShadowDb: async () => asScripts(await factory.connectToShadowDb()),
  }
}

/** Tries again as long as another program holds the lock, and lets everybody else work meanwhile. */
const patiently = async <T>(attempt: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + lockPatience
  for (let pause = 1; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() + pause > deadline) throw error
    }
    await delay(pause)
  }
}

/** What Prisma's adapter keeps to itself: only the driver knows whether a transaction is open. */
const driverOf = (connection: SqlDriverAdapter): Sqlite.Database => {
  const driver: unknown = Reflect.get(connection, 'client')
  if (driver instanceof Sqlite) return driver
  throw new Error('This version of Prisma’s adapter keeps the driver elsewhere.')
}

/**
 * Has `\` take `%` and `_` for themselves in what `contains` asks for, as PostgreSQL does by itself: Prisma hands texts on
 * as patterns, and SQLite has no escape unless it is told one.
 */
const withEscapes = (connection: SqlDriverAdapter): SqlDriverAdapter => {
  const escaping = (query: SqlQuery) => ({ ...query, sql: query.sql.replaceAll(/ LIKE \([^()]*\)/g, "$& ESCAPE '\\'") })
  const queryRaw = connection.queryRaw.bind(connection)
  const executeRaw = connection.executeRaw.bind(connection)
  connection.queryRaw = (query) => queryRaw(escaping(query))
  connection.executeRaw = (query) => executeRaw(escaping(query))
  return connection
}

/**
 * A connection has one transaction at a time, and whatever runs on it meanwhile becomes part of that: a row that was
 * written by someone else would vanish with a rollback. So everyone else waits until the transaction has ended; whoever
 * waits for that *inside* a transaction would wait in vain, which `client.ts` refuses. Nothing may be awaited between the
 * last look at `transactionEnd` and what is done then: of several who wait, only one goes on.
 */
const keepApart = (connection: SqlDriverAdapter): SqlDriverAdapter => {
  let transactionEnd: Promise<void> | undefined
  const driver = driverOf(connection)
  const queryRaw = connection.queryRaw.bind(connection)
  const executeRaw = connection.executeRaw.bind(connection)

  const alone = <T>(run: (query: SqlQuery) => Promise<T>) => {
    return (query: SqlQuery) =>
      patiently(async () => {
        while (transactionEnd) await transactionEnd
        return run(query)
      })
  }
  connection.queryRaw = alone(queryRaw)
  connection.executeRaw = alone(executeRaw)

  /** Leaves no transaction open, whatever happened: what is written next must never become part of one that failed. */
  const rollBack = async () => {
    try {
      if (driver.inTransaction) await connection.executeScript('ROLLBACK')
    } finally {
      // Closing undoes it. Nothing can be written any more then, rather than be written in vain.
      if (driver.inTransaction) driver.close()
    }
  }

  /** SQLite ends a transaction by itself where the disk is full, for example; what came next would stand alone. */
  const inTransaction = <T>(run: (query: SqlQuery) => Promise<T>) => {
    return async (query: SqlQuery) => {
      if (!driver.inTransaction) throw new TransactionUndone()
      return patiently(() => run(query))
    }
  }

  const transaction = (end: () => void): Transaction => {
    const execute = inTransaction(executeRaw)
    const savepoint = async (sql: string) => void (await execute({ sql, args: [], argTypes: [] }))
    return {
      provider: connection.provider,
      adapterName: connection.adapterName,
      // COMMIT and ROLLBACK are this object's: Prisma would leave a transaction open that could not be committed.
      options: { usePhantomQuery: true },
      queryRaw: inTransaction(queryRaw),
      executeRaw: execute,
      createSavepoint: (name) => savepoint(`SAVEPOINT ${name}`),
      rollbackToSavepoint: (name) => savepoint(`ROLLBACK TO ${name}`),
      releaseSavepoint: (name) => savepoint(`RELEASE SAVEPOINT ${name}`),
      async commit() {
        try {
          if (!driver.inTransaction) throw new TransactionUndone()
          await patiently(() => connection.executeScript('COMMIT'))
        } catch (error) {
          await rollBack()
          throw error
        } finally {
          end()
        }
      },
      rollback: () => rollBack().finally(end),
    }
  }

  connection.startTransaction = () =>
    patiently(async () => {
      while (transactionEnd) await transactionEnd
      const { promise, resolve } = Promise.withResolvers<void>()
      transactionEnd = promise
      const end = () => {
        transactionEnd = undefined
        resolve()
      }
      try {
        // With the lock for writing, or not at all: a transaction that has read before it has to wait cannot go on.
        await connection.executeScript('BEGIN IMMEDIATE')
        return transaction(end)
      } catch (error) {
        end()
        throw error
      }
    })
  return connection
}

/** SQLite has undone a transaction while it was going on. */
class TransactionUndone extends Error {
  constructor() {
    super('A write to the records failed, and with it all that belonged together.')
  }
}

/**
 * To learn what the migrations lead to, the schema engine runs each of them in memory as if it were one statement, which
 * better-sqlite3 refuses.
 */
const asScripts = (connection: SqlDriverAdapter): SqlDriverAdapter => {
  connection.executeRaw = async ({ sql }) => {
    await connection.executeScript(sql)
    return 0
  }
  return connection
}
