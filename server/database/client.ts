import { PrismaClient } from '../../prisma/generated/client/client.ts'
import { ensurePrivateFile } from './private-file.ts'
import { sqlite } from './sqlite.ts'

/** The records. */
export type Database = PrismaClient

/** Opens the records in an SQLite file that `migrate.ts` has brought up to date. */
export const openDatabase = async (file: string): Promise<Database> => {
  ensurePrivateFile(file)
  // Other formats print the arguments of a query that failed, and have each query note who asked: with the stack, all that
  // is on it is kept until the next full collection.
  const db = new PrismaClient({ adapter: sqlite(file), errorFormat: 'minimal' })
  await db.$connect()
  return db
}
