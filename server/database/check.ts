import { existsSync, statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { asUnusable, RecordsUnusable, wayBack } from './errors.ts'

/** Bytes of records that are checked before anything else is done: a tenth of a second on a common machine. */
export const smallRecords = 64 * 1024 * 1024

/** Throws `RecordsUnusable` where a page or an index of an SQLite file is damaged. Reads all of the file. */
export const checkRecords = (file: string): void => {
  try {
    const db = new Sqlite(file, { timeout: 0, fileMustExist: true })
    try {
      const found: unknown = db.pragma('quick_check(1)', { simple: true })
      if (found === 'ok') return
      const finding = String(found).replaceAll(/\s+/g, ' ')
      throw new RecordsUnusable(`The records ${file} are damaged (${finding}). ${wayBack}.`)
    } finally {
      db.close()
    }
  } catch (error) {
    throw asUnusable(error, file)
  }
}

/** Checks records at the start of a server; whether that was done, for large ones would keep everybody waiting. */
export const checkSmallRecords = (file: string): boolean => {
  if (!existsSync(file)) return true
  if (statSync(file).size > smallRecords) return false
  checkRecords(file)
  return true
}
