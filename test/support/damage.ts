import { closeSync, openSync, writeSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** Overwrites a page of an SQLite file that belongs to a table, as a failing disk might; the file must be closed. */
export const damagePage = (file: string, table: string): void => {
  const db = new Sqlite(file)
  const size = Number(db.pragma('page_size', { simple: true }))
  const root = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table)
  db.close()
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(size, 0xa5), 0, size, (Number(root) - 1) * size)
  closeSync(descriptor)
}
