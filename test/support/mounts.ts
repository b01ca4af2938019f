import { execFileSync } from 'node:child_process'
import { cleanUpAfter } from './cleanup.ts'
import { temporaryFolder } from './temporary-folder.ts'

const mount = (...args: string[]) => {
  try {
    execFileSync('mount', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    throw new Error(`This test needs the right to mount file systems, as root has it. ${error}`)
  }
}

/** A file system of its own with room for so many megabytes. */
export const smallFolder = (megabytes: number): string => {
  const folder = temporaryFolder()
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', folder)
  // Lazily, because a program of the test may still be about to leave it.
  cleanUpAfter(() => void execFileSync('umount', ['--lazy', folder]))
  return folder
}

/** A folder on a file system that cannot be written to, root or not; with a copy of `contents` inside. */
export const readOnlyFolder = (contents?: string): string => {
  const folder = smallFolder(8)
  if (contents !== undefined) execFileSync('cp', ['-r', contents, folder])
  mount('-o', 'remount,ro', folder)
  return folder
}
