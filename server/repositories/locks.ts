import { readdir, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type LockHolder, parseLockHolder, parseRoster } from '../borg/lock.ts'

/** Who holds borg's lock on a repository, and what can be proven of it. */
export interface LockEvidence extends LockHolder {
  /** Whether it keeps everybody else out; a shared one keeps out those that write. */
  readonly isExclusive: boolean
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

const lookAt = async (holder: LockHolder, isExclusive: boolean): Promise<LockEvidence> => {
  if (shortName(holder.host) !== shortName(hostname())) return { ...holder, isExclusive, isAlive: null, command: null }
  const command = await borgCommandOf(holder.pid)
  return { ...holder, isExclusive, isAlive: command !== null, command }
}

/** Looks who holds borg's lock in a local folder, a repository or a cache: alone, or shared with others. */
export const readLocks = async (location: string): Promise<readonly LockEvidence[]> => {
  const exclusive = (await filesIn(join(location, 'lock.exclusive'))).map(parseLockHolder)
  const shared = parseRoster(await readFile(join(location, 'lock.roster'), 'utf8').catch(() => ''))
  return Promise.all([
    ...exclusive.filter((holder) => holder !== null).map((holder) => lookAt(holder, true)),
    ...shared.map((holder) => lookAt(holder, false)),
  ])
}

const describeLock = ({ pid, host, isExclusive, isAlive, command }: LockEvidence): string => {
  const lock = isExclusive ? 'the lock' : 'a shared lock'
  if (isAlive === null)
    return `process ${pid} on the machine ${host} holds ${lock} of the repository; from here nobody can tell whether it still runs`
  return isAlive
    ? `process ${pid} on this machine (${command}) holds ${lock} of the repository and is running`
    : `process ${pid} on this machine held ${lock} of the repository and is gone; the lock was left behind`
}

/** Holders that are named; a mount that is made and killed again and again leaves any number. */
const mostNamed = 3

/** Who holds it, as a sentence that begins with a small letter. */
export const describeLocks = (locks: readonly LockEvidence[]): string => {
  const more = locks.length - mostNamed
  return [
    ...locks.slice(0, mostNamed).map(describeLock),
    ...(more > 0 ? [more === 1 ? '1 more holds it' : `${more} more hold it`] : []),
  ].join('; ')
}
