import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pTimeout from 'p-timeout'
import { groupOf } from './groups.ts'

/** The variable that marks every child with the run of the server that started it. */
export const serverMark = 'BORGITORY_SERVER'

/**
 * The variable with the process group that a shell command of a person's was started in: what it has put out of that group,
 * as a service that it restarts, is meant to go on.
 */
export const groupMark = 'BORGITORY_GROUP'

/** Milliseconds that the environment of a process has to be read: one that waits for a disk can keep its memory locked. */
const readTimeout = 1_000

const readEnvironment = async (pid: number): Promise<readonly string[]> => {
  const environment = readFile(`/proc/${pid}/environ`, 'utf8')
  return (await pTimeout(environment, { milliseconds: readTimeout, fallback: () => '' })).split('\0')
}

const marked = async (serverIds: ReadonlySet<string>): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    try {
      const variables = await readEnvironment(pid)
      const read = (name: string) =>
        variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1)
      const server = read(serverMark)
      if (server === undefined || !serverIds.has(server)) continue
      const group = read(groupMark)
      if (group === undefined || Number(group) === (await groupOf(pid))) found.push(pid)
    } catch {
      // Gone meanwhile, or another user's: not one of ours.
    }
  }
  return found
}

const send = (pids: readonly number[], signal: NodeJS.Signals) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // Gone meanwhile.
    }
  }
}

export interface Orphans {
  /** How many processes there were. */
  readonly found: number
  /** The process ids of those that not even SIGKILL has ended, as where they wait for a disk that does not answer. */
  readonly left: readonly number[]
}

/**
 * Ends what earlier runs of the server started and left behind when they were killed: SIGINT first, so that borg frees
 * its locks, after a fifth of `timeout` SIGTERM, because borg does not heed one SIGINT while it waits for a lock, and
 * SIGKILL for what is still there after `timeout` milliseconds. Goes on without what is there after twice the time.
 */
export const endOrphans = async (serverIds: ReadonlySet<string>, timeout = 10_000): Promise<Orphans> => {
  const found = await marked(serverIds)
  let left = found
  const waitAfter = async (signal: NodeJS.Signals, time: number) => {
    if (left.length > 0) send(left, signal)
    for (const end = Date.now() + time; left.length > 0 && Date.now() < end; ) {
      await delay(50)
      left = await marked(serverIds)
      // Also what a dying process has started after it was looked for.
      if (signal === 'SIGKILL') send(left, signal)
    }
  }
  await waitAfter('SIGINT', timeout / 5)
  await waitAfter('SIGTERM', (timeout * 4) / 5)
  await waitAfter('SIGKILL', timeout)
  return { found: found.length, left }
}
