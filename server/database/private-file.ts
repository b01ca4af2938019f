import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes sure that a file exists, in a folder that exists, and that nobody but its owner may read it. */
export const ensurePrivateFile = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
  if (statSync(file).mode & 0o077) chmodSync(file, 0o600)
}
