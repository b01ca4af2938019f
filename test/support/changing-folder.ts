import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cleanUpAfter } from './cleanup.ts'
import { temporaryFolder } from './temporary-folder.ts'

const python = '/usr/bin/python3'
const program = fileURLToPath(new URL('changing-inodes.py', import.meta.url))

/** Whether this machine can mount file systems that a program makes up: with Debian's fuse3 and python3-pyfuse3. */
export const hasFuse =
  existsSync('/dev/fuse') &&
  spawnSync('fusermount3', ['--version']).status === 0 &&
  spawnSync(python, ['-c', 'import pyfuse3, trio']).status === 0

/** A folder whose inode is another one each time that somebody looks, as some network and cloud file systems have it. */
export const changingFolder = async (): Promise<string> => {
  const folder = temporaryFolder()
  const child = spawn(python, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  cleanUpAfter(async () => {
    execFileSync('fusermount3', ['-u', '-z', folder])
    await exited
  })
  await Promise.race([once(child.stdout, 'data'), exited.then(() => Promise.reject(new Error('nothing was mounted')))])
  return folder
}
