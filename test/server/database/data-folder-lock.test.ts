import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DataFolderInUse, lockDataFolder, lockRecords } from '../../../server/database/data-folder-lock.ts'
import { FileUnusable } from '../../../server/database/errors.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a data folder is one server’s, until that lets it go', () => {
  const folder = temporaryFolder()
  const link = join(temporaryFolder(), 'link')
  symlinkSync(folder, link)
  const folderLock = lockDataFolder(folder)
  for (const path of [folder, link]) expect(() => lockDataFolder(path)).toThrow(DataFolderInUse)
  folderLock.release()
  lockDataFolder(link).release()
})

test('records are one server’s, by whatever path', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'records.sqlite')
  const others = temporaryFolder()
  const [toFile, toFolder, beside] = [join(others, 'link.sqlite'), join(others, 'folder'), join(folder, 'link.sqlite')]
  symlinkSync(file, toFile)
  symlinkSync(folder, toFolder)
  symlinkSync('records.sqlite', beside)
  const paths = [file, toFile, join(toFolder, 'records.sqlite'), beside]
  // The first time through a link, when there is no file yet.
  for (const path of [toFile, ...paths]) {
    const folderLock = lockRecords(path)
    for (const other of paths) expect(() => lockRecords(other), `${path}, then ${other}`).toThrow(DataFolderInUse)
    folderLock.release()
  }
  const first = lockRecords(file)
  mkdirSync(join(others, 'records'))
  lockRecords(join(others, 'records', 'records.sqlite')).release()
  first.release()
})

test('a lock file that is something else is named, and not taken for the records', () => {
  const folder = temporaryFolder()
  const file = join(folder, 'server.lock')
  writeFileSync(file, 'something else '.repeat(100))
  expect(() => lockDataFolder(folder)).toThrow(FileUnusable)
  expect(() => lockDataFolder(folder)).toThrow(`The lock file ${file} cannot be used`)
})
