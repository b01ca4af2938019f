import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those that lead to it, for their owner alone. Step by step, because Node, which could do it at once,
 * says of a disk that is read-only that the folder is not there.
 */
export const ensurePrivateFolder = (folder: string): void => {
  if (existsSync(folder)) return
  ensurePrivateFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error
  }
}

/** Makes sure that a file exists, in a folder that exists, and that nobody but its owner may read it. */
export const ensurePrivateFile = (file: string): void => {
  ensurePrivateFolder(dirname(file))
  closeSync(openSync(file, 'a', 0o600))
  if (statSync(file).mode & 0o077) chmodSync(file, 0o600)
}

/** Has a file or a folder reach the disk. */
export const syncPath = (path: string): void => {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
