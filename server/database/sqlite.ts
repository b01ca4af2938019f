import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'

/**
 * Times in milliseconds, a cache in KiB (negative), half of the driver's: enough for what lists and indexes share. The log
 * of what was written is copied to the file every 4000 pages (16 MB), four times as seldom as SQLite would: each time waits
 * for the disk, and where hundreds of runs come due at once, they wait too. Settings hold for one connection only, and
 * SQLite ignores what it does not know: a test asks.
 */
const settings = `
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -8000;
  PRAGMA wal_autocheckpoint = 4000;
`

/** Opens connections to an SQLite file, each with the same settings. */
export const sqlite = (file: string): SqlMigrationAwareDriverAdapterFactory => {
  const factory = new PrismaBetterSqlite3({ url: `file:${file}` })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => {
      const connection = await factory.connect()
      await connection.executeScript(settings)
      return keepApart(connection)
    },
    connectToShadowDb: async () => asScripts(await factory.connectToShadowDb()),
  }
}

/**
 * A connection has one transaction at a time, and whatever runs on it meanwhile becomes part of that: a row that was
 * written by someone else would vanish with a rollback. So everyone else waits until the transaction has ended; whoever
 * waits for that *inside* a transaction waits until Prisma gives the transaction up. Nothing may be awaited between the
 * last look at `transactionEnd` and what is done then: of several who wait, only one goes on.
 */
const keepApart = (connection: SqlDriverAdapter): SqlDriverAdapter => {
  let transactionEnd: Promise<void> | undefined
  const queryRaw = connection.queryRaw.bind(connection)
  const executeRaw = connection.executeRaw.bind(connection)
  const startTransaction = connection.startTransaction.bind(connection)

  connection.queryRaw = async (query) => {
    while (transactionEnd) await transactionEnd
    return queryRaw(query)
  }
  connection.executeRaw = async (query) => {
    while (transactionEnd) await transactionEnd
    return executeRaw(query)
  }
  connection.startTransaction = async (isolationLevel) => {
    while (transactionEnd) await transactionEnd
    const { promise, resolve } = Promise.withResolvers<void>()
    transactionEnd = promise
    const end = () => {
      transactionEnd = undefined
      resolve()
    }
    try {
      const transaction = await startTransaction(isolationLevel)
      const commit = transaction.commit.bind(transaction)
      const rollback = transaction.rollback.bind(transaction)
      transaction.commit = () => commit().finally(end)
      transaction.rollback = () => rollback().finally(end)
      return transaction
    } catch (error) {
      end()
      throw error
    }
  }
  return connection
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
