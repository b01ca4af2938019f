import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** Puts a shell script under the name of a program into a folder. */
export const writeProgram = (folder: string, name: string, script: string): void => {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

/** A `PATH` on which borg is the real one, but heeds the permissions of files as everybody but root must. */
export const pathOfUnprivilegedBorg = (): string => {
  const path = process.env.PATH ?? ''
  if (process.getuid?.() !== 0) return path
  const folder = temporaryFolder()
  const script = `PATH=${path}\nexec setpriv --bounding-set=-dac_override,-dac_read_search borg "$@"`
  writeProgram(folder, 'borg', script)
  return `${folder}${delimiter}${path}`
}

/** Where on the `PATH` a program is. */
export const findProgram = (name: string): string => {
  const file = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate))
  if (file === undefined) throw new Error(`This test needs the program ${name}.`)
  return file
}
