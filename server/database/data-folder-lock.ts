import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { FileUnusable, sqliteReason } from './errors.ts'
import { ensurePrivateFile } from './private-file.ts'
import { isBusy } from './sqlite-codes.ts'

/** Another server works with the data folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string) {
    super(
      `Another Borgitory works with the data folder ${folder}: stop that first, or set BORGITORY_DATA to another folder.`,
    )
  }
}

/** Keeps other processes out until it is released, or this one ends. */
export interface FileLock {
  release(): void
}

/**
 * Takes a data folder for this process alone, until it ends in whatever way: the lock is the operating system's, held on
 * an SQLite file. While it is held, everything that earlier servers wrote of themselves is of servers that are gone.
 * Throws `DataFolderInUse`.
 */
export const lockDataFolder = (folder: string): FileLock => {
  return lock(join(folder, 'server.lock'), () => new DataFolderInUse(folder))
}

/**
 * Takes the records likewise, which may lie outside of the data folder: by the one place where they really are, whatever
 * links lead there. Makes the file where there is none. Throws `DataFolderInUse`.
 */
export const lockRecords = (file: string): FileLock => {
  ensurePrivateFile(file)
  return lock(`${realpathSync(file)}.lock`, () => new DataFolderInUse(file))
}

const lock = (file: string, inUse: () => DataFolderInUse): FileLock => {
  ensurePrivateFile(file)
  const connection = new Sqlite(file, { timeout: 0 })
  try {
    connection.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if (isBusy(error)) throw inUse()
    const reason = sqliteReason(error, 'Where no Borgitory runs, remove it')
    throw new FileUnusable(`The lock file ${file} cannot be used: ${reason ?? String(error)}.`, { cause: error })
  }
  return { release: () => connection.close() }
}
