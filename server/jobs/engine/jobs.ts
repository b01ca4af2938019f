import type { Agenda } from 'agenda'
import { queuePatience, within } from '../../agenda/within.ts'
import type { Config } from '../../config.ts'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Log } from '../../log.ts'
import { serverMark } from '../../process/orphans.ts'
import type { Vault } from '../../secrets/vault.ts'
import { createOutputs, type Outputs } from '../output/output.ts'
import type { Kinds } from '../records/kinds.ts'
import { waitingStates } from '../records/states.ts'
import { createQueue } from './queue.ts'
import { recover } from './recovery.ts'
import { createRunner } from './runner.ts'

/** The job engine, as the rest of the server uses it. */
export interface Jobs {
  readonly outputs: Outputs
  /** Has a job run that was written down as `PENDING`; should the server end before, the next one does. */
  enqueue(jobId: string): Promise<void>
  /** Has what waits looked at again, and before that one job read anew: a limit or a priority was changed, for example. */
  look(jobId?: string): void
  /** Ends a job that runs, and what is left of one that waits, after the records say that somebody wants it. */
  cancel(jobId: string): void
  /**
   * Makes the records true after a server that was killed, before anybody is answered. Gives the ids of the repositories
   * that it worked on.
   */
  recover(): Promise<readonly string[]>
  /** Takes up what was waiting, and begins to work. */
  start(): Promise<void>
  /** Ends all work; what still runs after `grace` milliseconds is interrupted and recorded so. */
  stop(grace: number): Promise<void>
}

interface JobsOptions {
  readonly config: Config
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly vault: Vault
  readonly agenda: Agenda
  /** This run of the server. */
  readonly serverId: string
  readonly kinds: Kinds
}

export const createJobs = (options: JobsOptions): Jobs => {
  const { config, db, events, log, vault, agenda, serverId, kinds } = options
  const outputs = createOutputs({ db, events })
  const runner = createRunner({
    app: { config, db, events, vault },
    environment: { ...config.childEnvironment, [serverMark]: serverId },
    ...{ log, outputs, kinds, serverId },
    // The runner has a timer of its own: the entry is for when this server is gone by then.
    enqueueAt: (jobId, at) => queue.enqueueAt(jobId, at),
  })
  const queue = createQueue({ agenda, log, serverId, take: runner.take })
  return {
    outputs,
    enqueue: async (jobId) => queue.enqueue(jobId),
    look: (jobId) => (jobId === undefined ? runner.look() : runner.take(jobId)),
    cancel: runner.cancel,
    recover: () => recover({ db, log, serverId, kinds }),
    async start() {
      await agenda.start()
      const waiting = await db.job.findMany({
        where: { state: { in: [...waitingStates] } },
        select: { id: true },
      })
      for (const { id } of waiting) runner.take(id)
    },
    async stop(grace) {
      await runner.stop(grace)
      // What a queue that does not answer has not noted is found in the records.
      await queue.stop()
      await within(queuePatience, agenda.drain())
    },
  }
}
