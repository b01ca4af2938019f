import { AsyncLocalStorage } from 'node:async_hooks'
import { PrismaClient } from '../../prisma/generated/client/client.ts'
import { ensurePrivateFile } from './private-file.ts'
import { lockPatience, sqlite } from './sqlite.ts'

/** The records. */
export type Database = PrismaClient

/**
 * Milliseconds that a transaction may wait for others and for a lock of another program's, and that it may take: Prisma
 * would give up before the lock’s own time is over.
 */
const transactionOptions = { maxWait: 2 * lockPatience, timeout: 3 * lockPatience }

/** Opens the records in an SQLite file that `migrate.ts` has brought up to date. */
export const openDatabase = async (file: string): Promise<Database> => {
  ensurePrivateFile(file)
  // Other formats print the arguments of a query that failed, which may be secret.
  const db = new PrismaClient({ adapter: sqlite(file), errorFormat: 'minimal', transactionOptions })
  await db.$connect()
  return guardTransactions(db)
}

/** The records were used by their client within a transaction, which waits for that, while that waits for the transaction. */
class OutsideTransaction extends Error {
  constructor(name: string) {
    super(
      `“${name}” was asked of the records within a transaction: it must be asked of what the transaction was given.`,
    )
  }
}

/** Has the client throw at once where it is used within a transaction, instead of waiting for that to end. */
const guardTransactions = (db: Database): Database => {
  const current = new AsyncLocalStorage<{ isOver: boolean }>()

  const begin = (work: unknown, ...options: unknown[]) => {
    const guarded = async (records: unknown) => {
      const state = { isOver: false }
      try {
        return await current.run(state, work as (records: unknown) => Promise<unknown>, records)
      } finally {
        state.isOver = true
      }
    }
    return Reflect.apply(db.$transaction, db, [typeof work === 'function' ? guarded : work, ...options])
  }

  return new Proxy(db, {
    get(target, name) {
      const state = current.getStore()
      if (state && !state.isOver) throw new OutsideTransaction(String(name))
      if (name === '$transaction') return begin
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
