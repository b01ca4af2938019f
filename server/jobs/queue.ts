import type { Agenda } from 'agenda'

/** Agenda's part: it remembers, over restarts, which jobs are to be looked at. Our own record of the job is the truth. */
export interface Queue {
  enqueue(jobId: string): Promise<void>
}

const name = 'run job'

/**
 * `take` gets the id of each job that is to be looked at and returns at once: Agenda does not limit how much goes on, nor
 * watch over it, because an entry that waits in it would lose its lock.
 */
export const createQueue = (agenda: Agenda, take: (jobId: string) => void): Queue => {
  agenda.define<{ jobId: string }>(name, async (trigger) => take(trigger.attrs.data.jobId))
  return {
    enqueue: async (jobId) => {
      await agenda.now(name, { jobId })
    },
  }
}
