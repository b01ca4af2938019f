import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** Sends a signal to a whole process group; false where no process of it is left. */
export const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-group, signal)
    return true
  } catch {
    return false
  }
}

/** State and group of a process: proc(5), the first and the third field after the name, which may hold any character. */
const readStatus = async (pid: number | string): Promise<{ state: string; group: number } | null> => {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1')
    const [state = '', , group] = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return { state, group: Number(group) }
  } catch {
    // Gone meanwhile.
    return null
  }
}

/** The process group of a process; null where it is gone. */
export const groupOf = async (pid: number): Promise<number | null> => (await readStatus(pid))?.group ?? null

/** The process ids of a group, without those that have ended and only wait for their parent to hear of it. */
const readMembers = async (group: number): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found: number[] = []
  for (const pid of pids) {
    const status = await readStatus(pid)
    if (status?.group === group && !'ZX'.includes(status.state)) found.push(Number(pid))
  }
  return found
}

/**
 * Kills a process group, and gives the process ids of those that are still there after `timeout` milliseconds: one that
 * waits for a disk that does not answer heeds no signal.
 */
export const killGroup = async (group: number, timeout: number): Promise<readonly number[]> => {
  for (const end = performance.now() + timeout; signalGroup(group, 'SIGKILL'); await delay(50)) {
    const members = await readMembers(group)
    if (members.length === 0 || performance.now() >= end) return members
  }
  return []
}
