import { PrismaClient } from '../../prisma/generated/client/client.ts'
import { ensurePrivateFile } from './private-file.ts'
import { sqlite } from './sqlite.ts'

/** The records. */
export type Database = PrismaClient

/** Opens the records in an SQLite file that `migrate.ts` has brought up to date. */
export const openDatabase = async (file: string): Promise<Database> => {
  ensurePrivateFile(file)
  const db = new PrismaClient({ adapter: sqlite(file) })
  await db.$connect()
  return db
}
