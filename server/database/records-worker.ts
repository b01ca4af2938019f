import { parentPort, workerData } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { checkRecords } from './check.ts'
import { asUnusable } from './errors.ts'

/** What a thread of its own does with records, so that nobody waits for it. */
export interface RecordsWork {
  readonly file: string
  /** An empty file that is to become a copy; what is checked is the records themselves where there is none. */
  readonly copy: string | null
}

const { file, copy } = workerData as RecordsWork

const makeCopy = (target: string) => {
  try {
    const db = new Sqlite(file, { timeout: 5000, fileMustExist: true })
    try {
      db.prepare('VACUUM INTO ?').run(target)
    } finally {
      db.close()
    }
  } catch (error) {
    throw asUnusable(error, file)
  }
}

try {
  if (copy !== null) makeCopy(copy)
  checkRecords(copy ?? file)
  parentPort?.postMessage(null)
} catch (error) {
  parentPort?.postMessage(error instanceof Error ? error.message : String(error))
}
