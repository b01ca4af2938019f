import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** A folder with some small files in it. */
export const smallSource = (fileCount = 3): string => {
  const folder = join(temporaryFolder(), 'documents')
  mkdirSync(folder)
  for (let i = 0; i < fileCount; i++) writeFileSync(join(folder, `file-${i}`), `content of file ${i}\n`)
  return folder
}

/** Fills files in a folder with what cannot be compressed. */
export const fillSource = (folder: string, megabytes: number): void => {
  for (let i = 0; i < megabytes / 4; i++) writeFileSync(join(folder, `file-${i}`), randomBytes(4 * 1024 * 1024))
}

/** A folder that keeps borg busy for a while: a quarter of a minute by default, when it is told to compress as `slowly`. */
export const largeSource = (megabytes = 40): string => {
  const folder = join(temporaryFolder(), 'large')
  mkdirSync(folder)
  fillSource(folder, megabytes)
  return folder
}

/** The compression that makes borg slow. */
export const slowly = { compression: { algorithm: 'LZMA', level: 9 } }
