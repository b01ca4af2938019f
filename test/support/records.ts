import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../server/database/client.ts'
import { migrate } from '../../server/database/migrate.ts'
import { cleanUpAfter } from './cleanup.ts'
import { temporaryFolder } from './temporary-folder.ts'

const empty = join(temporaryFolder(), 'empty.sqlite')
await migrate(empty)

/** An SQLite file of empty records, removed after the test. */
export const recordsFile = (): string => {
  const file = join(temporaryFolder(), 'records.sqlite')
  copyFileSync(empty, file)
  return file
}

/** Records, empty unless `file` has some, that are closed after the test. */
export const openRecords = async (file: string = recordsFile()): Promise<Database> => {
  const db = await openDatabase(file)
  cleanUpAfter(() => db.$disconnect())
  return db
}
