import type { Agenda } from 'agenda'
import type { Repository } from '../../prisma/generated/client/client.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'
import type { Log } from '../log.ts'
import { serverMark } from '../process/orphans.ts'
import type { Vault } from '../secrets/vault.ts'
import { borgHome } from './borg-home.ts'
import { removeLeftHookFolders } from './hook-folders.ts'
import { createOutputs, type Outputs } from './output.ts'
import { findOwnPaths } from './own-files.ts'
import { createQueue, queuePatience } from './queue.ts'
import { recover } from './recovery.ts'
import { createRunner } from './runner.ts'
import { waitingStates } from './states.ts'
import { steps as allSteps, type Steps } from './steps.ts'
import { within } from './within.ts'

/** The job engine, as the rest of the server uses it. */
export interface Jobs {
  readonly outputs: Outputs
  /** Has a job run that was written down as `PENDING`; should the server end before, the next one does. */
  enqueue(jobId: string): Promise<void>
  /** Has what waits looked at again, and before that one job read anew: a limit or a priority was changed, for example. */
  look(jobId?: string): void
  /** Ends a job that runs, and what is left of one that waits, after the records say that somebody wants it. */
  cancel(jobId: string): void
  /** Makes the records true after a server that was killed. Before anybody is answered. */
  recover(): Promise<void>
  /** Takes up what was waiting, and begins to work. */
  start(): Promise<void>
  /** Ends all work; what still runs after `grace` milliseconds is interrupted and recorded so. */
  stop(grace: number): Promise<void>
}

/** What a sealed column is bound to. */
export const passphrasePurpose = (repositoryId: string) => `repository:${repositoryId}:passphrase`
export const keyPurpose = (repositoryId: string) => `repository:${repositoryId}:key`

interface JobsOptions {
  readonly config: Config
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly vault: Vault
  readonly agenda: Agenda
  /** This run of the server. */
  readonly serverId: string
  /** Called each time that nothing runs any more. */
  readonly atRest: () => void
  /** What each kind of task does; the real steps where they are left out. */
  readonly steps?: Steps
}

export const createJobs = (options: JobsOptions): Jobs => {
  const { config, db, events, log, vault, agenda, serverId, atRest, steps = allSteps } = options
  const environment = { ...config.childEnvironment, [serverMark]: serverId }
  const borgOf = ({ id, location, passphraseSealed, lockWait }: Repository): BorgRepository => ({
    location,
    passphrase: passphraseSealed === null ? null : vault.open(passphraseSealed, passphrasePurpose(id)),
    ...borgHome({ config, vault }),
    lockWait,
  })
  const openKey = ({ id, keySealed }: Repository) => {
    if (keySealed === null) throw new Error('no key is stored for the repository')
    return vault.open(keySealed, keyPurpose(id))
  }
  const outputs = createOutputs({ db, events })
  const runner = createRunner({
    db,
    events,
    log,
    outputs,
    steps,
    serverId,
    environment,
    dataFolder: config.dataFolder,
    findOwnPaths: () => findOwnPaths(config),
    borgOf,
    openKey,
    open: vault.open,
    atRest,
    // The runner has a timer of its own: the entry is for when this server is gone by then.
    enqueueAt: (jobId, at) => queue.enqueueAt(jobId, at),
  })
  const queue = createQueue({ agenda, log, serverId, take: runner.take })
  return {
    outputs,
    enqueue: async (jobId) => queue.enqueue(jobId),
    look: (jobId) => (jobId === undefined ? runner.look() : runner.take(jobId)),
    cancel: runner.cancel,
    async recover() {
      await recover({ db, log, serverId, borgOf, environment })
      await removeLeftHookFolders(config.dataFolder)
    },
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
