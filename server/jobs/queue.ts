import type { Agenda } from 'agenda'

/** Jobs that run at the same time; those of one repository wait for each other besides. */
const concurrency = 4

/** Agenda's part: it remembers, over restarts, which jobs are to be looked at. Our own record of the job is the truth. */
export interface Queue {
  enqueue(jobId: string): Promise<void>
}

const name = 'run job'

export const createQueue = (agenda: Agenda, run: (jobId: string) => Promise<void>): Queue => {
  agenda.define<{ jobId: string }>(name, (trigger) => run(trigger.attrs.data.jobId), {
    concurrency,
    lockLimit: concurrency,
  })
  return {
    enqueue: async (jobId) => {
      await agenda.now(name, { jobId })
    },
  }
}
