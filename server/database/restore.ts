import { copyFileSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { checkRecords } from './check.ts'
import { isWithin, listCopies, type RecordsCopy } from './copies.ts'
import { lockDataFolder, lockRecords } from './data-folder-lock.ts'
import { ensurePrivateFile, syncPath } from './private-file.ts'

interface Places {
  readonly dataFolder: string
  readonly databaseFile: string
  readonly secretKeyFile: string
}

/** What was done, for a person. */
export interface Restored {
  /** Where the records are that were there before; null where there were none. */
  readonly recordsBefore: string | null
  /** Where the key is that was there before; null where it stayed. */
  readonly keyBefore: string | null
  readonly isKeyRestored: boolean
}

/** There is no such copy. */
export class CopyNotFound extends Error {}

/** Copies a file to where it only needs to be renamed, which takes no room. */
const prepare = (source: string, target: string): string => {
  const draft = `${target}.restoring`
  try {
    rmSync(draft, { force: true })
    ensurePrivateFile(draft)
    copyFileSync(source, draft)
    syncPath(draft)
    return draft
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

const put = (draft: string, target: string) => {
  renameSync(draft, target)
  syncPath(dirname(target))
}

const holdsSomething = (file: string) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0

/**
 * The log goes with its file, or what it holds would be lost to one and come upon the other; also where the file itself is
 * gone already.
 */
const setAside = (file: string, before: string) => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (holdsSomething(file + suffix)) renameSync(file + suffix, before + suffix)
  }
}

const isSame = (left: string, right: string) => existsSync(right) && readFileSync(left).equals(readFileSync(right))

const restoreHeld = ({ dataFolder, databaseFile, secretKeyFile }: Places, { file, keyFile }: RecordsCopy): Restored => {
  checkRecords(file)
  const suffix = `.before-${new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}`
  const records = realpathSync(databaseFile)
  // A key that is kept elsewhere is its owner's.
  const needsKey = keyFile !== null && isWithin(dataFolder, secretKeyFile) && !isSame(keyFile, secretKeyFile)
  const keyDraft = needsKey ? prepare(keyFile, secretKeyFile) : null
  const draft = prepare(file, records)

  const hadRecords = holdsSomething(records)
  setAside(records, records + suffix)
  put(draft, records)
  const hadKey = keyDraft !== null && existsSync(secretKeyFile)
  if (hadKey) renameSync(secretKeyFile, secretKeyFile + suffix)
  if (keyDraft !== null) put(keyDraft, secretKeyFile)
  return {
    recordsBefore: hadRecords ? records + suffix : null,
    keyBefore: hadKey ? secretKeyFile + suffix : null,
    isKeyRestored: keyDraft !== null,
  }
}

/**
 * Puts a copy of the records in their place, and the key that belongs to them; what is there is kept beside. Throws
 * `CopyNotFound`, `DataFolderInUse` while a server works with them, and `RecordsUnusable` for a copy that is damaged:
 * then everything is as it was.
 */
export const restoreCopy = (places: Places, name: string): Restored => {
  const copy = listCopies(places.dataFolder).find((each) => each.name === name)
  if (copy === undefined) throw new CopyNotFound(`There is no copy ${name}.`)
  const folderLock = lockDataFolder(places.dataFolder)
  try {
    const recordsLock = lockRecords(places.databaseFile)
    try {
      return restoreHeld(places, copy)
    } finally {
      recordsLock.release()
    }
  } finally {
    folderLock.release()
  }
}
