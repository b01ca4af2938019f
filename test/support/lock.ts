import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type BorgOptions, borgEnvironment } from './borg.ts'
import { cleanUpAfter } from './cleanup.ts'

/** Has a real borg of somebody else hold the lock of a repository, until `release` is called or the test is over. */
export const holdLock = async (location: string, options: BorgOptions = {}) => {
  const child = spawn('borg', ['with-lock', location, 'sh', '-c', 'echo held; read -r line'], {
    env: borgEnvironment(options),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  cleanUpAfter(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? 0,
    /** Lets the lock go and waits until borg has. */
    release: async () => {
      child.stdin.end()
      await exited
    },
    /** Ends borg so that it leaves its lock behind. */
    kill: async () => {
      child.kill('SIGKILL')
      await exited
      child.stdin.end()
    },
  }
}

/**
 * Has a real borg of somebody else share the lock of a repository, as one that reads an archive does, until `release` is
 * called or the test is over. The archive must hold more than a pipe takes.
 */
export const shareLock = async (location: string, archive: string, options: BorgOptions = {}) => {
  const child = spawn('borg', ['export-tar', `${location}::${archive}`, '-'], {
    env: borgEnvironment(options),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  cleanUpAfter(() => {
    child.kill('SIGKILL')
  })
  await once(child.stdout, 'readable')
  return {
    pid: child.pid ?? 0,
    /** Lets borg read to the end, and so let the lock go. */
    release: async () => {
      child.stdout.resume()
      await exited
    },
  }
}
