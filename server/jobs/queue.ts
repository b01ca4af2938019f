import type { Agenda } from 'agenda'

/** Agenda's part: it remembers, over restarts, which jobs are to be looked at. Our own record of the job is the truth. */
export interface Queue {
  /** Has jobs looked at soon; those that come while the entry of others is written share the next one. */
  enqueue(jobId: string): Promise<void>
  /** Has a job looked at at a time, whichever server is there then. */
  enqueueAt(jobId: string, at: Date): Promise<void>
  /** Resolves when all that was given to `enqueue` is written, or could not be. */
  settled(): Promise<void>
}

const name = 'run jobs'

interface Trigger {
  readonly jobIds: readonly string[]
}

/**
 * `take` gets the id of each job that is to be looked at and returns at once: Agenda does not limit how much goes on, nor
 * watch over it, because an entry that waits in it would lose its lock.
 */
export const createQueue = (agenda: Agenda, take: (jobId: string) => void): Queue => {
  let next: { jobIds: string[]; written: Promise<void> } | null = null
  let last: Promise<void> = Promise.resolve()

  /** Writes one entry as soon as that before is written, for all that came until then. */
  const writeNext = (jobIds: string[]): Promise<void> => {
    const written = last.then(async () => {
      next = null
      await agenda.now<Trigger>(name, { jobIds })
    })
    last = written.catch(() => {})
    return written
  }

  agenda.define<Trigger>(name, async ({ attrs }) => {
    for (const jobId of attrs.data.jobIds) take(jobId)
  })
  return {
    enqueue(jobId) {
      if (next) {
        next.jobIds.push(jobId)
      } else {
        const jobIds = [jobId]
        next = { jobIds, written: writeNext(jobIds) }
      }
      return next.written
    },
    async enqueueAt(jobId, at) {
      await agenda.schedule<Trigger>(at, name, { jobIds: [jobId] })
    },
    settled: () => last,
  }
}
