import type { Agenda } from 'agenda'
import { queuePatience, within } from '../../agenda/within.ts'
import type { Log } from '../../log.ts'

/** Agenda's part: it remembers, over restarts, which jobs are to be looked at. Our own record of the job is the truth. */
export interface Queue {
  /** Has a job looked at here and now, and soon notes it for whichever server is there should this one not be any more. */
  enqueue(jobId: string): void
  /** Has a job looked at at a time, by whichever server is there then. */
  enqueueAt(jobId: string, at: Date): void
  /** Notes nothing more, and resolves when what was begun is noted, or could not be in time. */
  stop(): Promise<void>
}

interface QueueOptions {
  readonly agenda: Agenda
  readonly log: Log
  /** This run of the server. */
  readonly serverId: string
  /** Looks at a job and returns at once: an entry that waits in Agenda would lose its lock. */
  readonly take: (jobId: string) => void
}

interface Trigger {
  readonly jobIds: readonly string[]
  /** The run of the server that has looked at them already; none where they are for later. */
  readonly takenBy?: string
}

const name = 'run jobs'

/** Milliseconds for which jobs are gathered that one entry is to name: they begin without it. */
const gatherTime = 1_000

/** Nobody waits for Agenda here, which may be far away or gone: the records of the jobs are enough. */
export const createQueue = ({ agenda, log, serverId, take }: QueueOptions): Queue => {
  /** The jobs of the next entry. */
  let next: string[] = []
  let timer: NodeJS.Timeout | undefined
  let writingNext: Promise<void> | null = null
  const writing = new Set<Promise<void>>()
  let isStopping = false

  agenda.define<Trigger>(name, async ({ attrs: { data } }) => {
    if (data.takenBy !== serverId) for (const jobId of data.jobIds) take(jobId)
  })

  const write = async (at: Date, trigger: Trigger) => {
    try {
      await agenda.schedule<Trigger>(at, name, trigger)
    } catch (error) {
      const { jobIds: jobs } = trigger
      log.error({ err: error, jobs }, 'jobs could not be given to the queue; this server looks after them alone')
    }
  }

  const writeNext = async () => {
    while (next.length > 0 && !isStopping) {
      const jobIds = next
      next = []
      await write(new Date(), { jobIds, takenBy: serverId })
    }
    writingNext = null
  }

  return {
    enqueue(jobId) {
      take(jobId)
      if (isStopping) return
      next.push(jobId)
      timer ??= setTimeout(() => {
        timer = undefined
        writingNext ??= writeNext()
      }, gatherTime)
    },
    enqueueAt(jobId, at) {
      if (isStopping) return
      const written = write(at, { jobIds: [jobId] })
      writing.add(written)
      void written.then(() => writing.delete(written))
    },
    async stop() {
      isStopping = true
      clearTimeout(timer)
      await within(queuePatience, Promise.all([writingNext, ...writing]))
    },
  }
}
