import { readdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type LockHolder, parseLockHolder } from '../borg/lock.ts'

/** Who holds borg's lock on a repository, and what can be proven of it. */
export interface LockEvidence extends LockHolder {
  /** Whether the process still runs; null where it is on another machine, so that nobody here can tell. */
  readonly isAlive: boolean | null
  /** Program and subcommand of the process, such as `borg create`; null where that cannot be read. */
  readonly command: string | null
}

const shortName = (host: string) => host.split('.')[0]?.toLowerCase()

/** The command of a running borg, without its arguments; null where the process is none or is gone. */
const borgCommandOf = async (pid: number): Promise<string | null> => {
  try {
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
    const at = args.findIndex((arg) => /(?:^|\/)borg[^/]*$/.test(arg))
    if (at === -1) return null
    return [
      'borg',
      ...args
        .slice(at + 1)
        .filter((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith('-'))
        .slice(0, 1),
    ].join(' ')
  } catch {
    return null
  }
}

const filesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

/** Looks who holds the exclusive lock of a local repository; null where nobody does. */
export const readLock = async (location: string): Promise<LockEvidence | null> => {
  for (const fileName of await filesIn(join(location, 'lock.exclusive'))) {
    const holder = parseLockHolder(fileName)
    if (holder === null) continue
    if (shortName(holder.host) !== shortName(hostname())) return { ...holder, isAlive: null, command: null }
    const command = await borgCommandOf(holder.pid)
    return { ...holder, isAlive: command !== null, command }
  }
  return null
}

/** Who holds it, as a sentence that begins with a small letter. */
export const describeLock = ({ pid, host, isAlive, command }: LockEvidence): string =>
  isAlive === null
    ? `process ${pid} on the machine ${host} holds the lock of the repository; from here nobody can tell whether it still runs`
    : isAlive
      ? `process ${pid} on this machine (${command}) holds the lock of the repository and is running`
      : `process ${pid} on this machine held the lock of the repository and is gone; the lock was left behind`
