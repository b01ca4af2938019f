import { execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
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

/** A folder as on a disk or a server that does not answer any more. */
export interface HangingFolder {
  readonly path: string
  /** Resolves when somebody has opened it, who now heeds no signal, not even SIGKILL. */
  readonly opened: Promise<void>
  /** Has those end who opened it; so does the end of the test. */
  answer(): void
}

/** Looking at the folder itself works; opening it does not. */
export const hangingFolder = async (path = temporaryFolder()): Promise<HangingFolder> => {
  const program = fileURLToPath(new URL('hanging-fs.py', import.meta.url))
  const child = spawn('python3', [program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const mounted = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  child.once('exit', () =>
    mounted.reject(new Error('This test needs the right to mount file systems, as root has it.')),
  )
  createInterface({ input: child.stdout }).on('line', (line) => (line === 'mounted' ? mounted : opened).resolve())
  await mounted.promise
  let isAnswered = false
  const answer = () => {
    if (isAnswered) return
    isAnswered = true
    child.kill('SIGKILL')
    execFileSync('umount', ['--lazy', path])
  }
  cleanUpAfter(answer)
  return { path, opened: opened.promise, answer }
}
