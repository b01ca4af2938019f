import type { Config } from '../../config.ts'
import type { Database } from '../../database/client.ts'
import type { Announcement, Events } from '../../events.ts'
import type { Log } from '../../log.ts'
import { serverMark } from '../../process/orphans.ts'
import type { Vault } from '../../secrets/vault.ts'
import { createOutputs, type Outputs } from '../output/output.ts'
import type { Kinds } from '../records/kind-definition.ts'
import { recover } from './recovery.ts'
import { createRunner } from './runner.ts'

/** The job engine, as the rest of the server uses it. A job that is written down and announced (`job:changed`) is run. */
export interface Jobs {
  readonly outputs: Outputs
  /** Has what waits looked at again: something other than a job has changed that it may wait for, such as a limit. */
  look(): void
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
  /** This run of the server. */
  readonly serverId: string
  readonly kinds: Kinds
  /** How often the records are looked through for jobs that nobody announced here, in milliseconds. */
  readonly lookEvery?: number
}

export const createJobs = (options: JobsOptions): Jobs => {
  const { config, db, events, log, vault, serverId, kinds, lookEvery = 30_000 } = options
  const outputs = createOutputs({ db, events })
  const runner = createRunner({
    app: { config, db, events, vault },
    environment: { ...config.childEnvironment, [serverMark]: serverId },
    ...{ log, outputs, kinds, serverId },
  })
  let changes: AsyncIterableIterator<Announcement> | undefined
  let timer: NodeJS.Timeout | undefined
  let finding: Promise<void> | null = null

  const hear = async (announced: AsyncIterableIterator<Announcement>) => {
    for await (const { id } of announced) runner.take(id)
  }

  const findAgain = async () => {
    try {
      await runner.find()
    } catch (error) {
      log.error({ err: error }, 'jobs could not be looked through')
    }
    finding = null
  }

  return {
    outputs,
    look: runner.look,
    cancel: runner.cancel,
    // Whoever holds the data folder is the only one: all other runs are over. Several servers will have to say that they are there.
    recover: () => recover({ db, log, kinds, alive: [serverId] }),
    async start() {
      changes = await events.watch('job:changed')
      void hear(changes)
      await runner.find()
      timer = setInterval(() => {
        finding ??= findAgain()
      }, lookEvery)
    },
    async stop(grace) {
      clearInterval(timer)
      await changes?.return?.()
      await Promise.all([finding, runner.stop(grace)])
    },
  }
}
