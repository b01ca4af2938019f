import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** The variable that marks every child with the run of the server that started it. */
export const serverMark = 'BORGITORY_SERVER'

const marked = async (serverIds: ReadonlySet<string>): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found: number[] = []
  for (const pid of pids) {
    try {
      const variables = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
      const mark = variables.find((variable) => variable.startsWith(`${serverMark}=`))?.slice(serverMark.length + 1)
      if (mark !== undefined && serverIds.has(mark)) found.push(pid)
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

/**
 * Ends what earlier runs of the server started and left behind when they were killed: SIGINT first, so that borg frees
 * its locks, after a fifth of `patience` SIGTERM, because borg does not heed one SIGINT while it waits for a lock, and
 * SIGKILL for what is still there after `patience` milliseconds. Returns how many processes there were.
 */
export const endOrphans = async (serverIds: ReadonlySet<string>, patience = 10_000): Promise<number> => {
  const found = await marked(serverIds)
  send(found, 'SIGINT')
  const begun = Date.now()
  let isAskedAgain = false
  let left = found
  while (left.length > 0) {
    const waited = Date.now() - begun
    if (waited > patience) send(left, 'SIGKILL')
    else if (waited > patience / 5 && !isAskedAgain) {
      send(left, 'SIGTERM')
      isAskedAgain = true
    }
    await delay(50)
    left = await marked(serverIds)
  }
  return found.length
}
