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
import { createOutputs, type Outputs } from './output.ts'
import { createQueue } from './queue.ts'
import { recover } from './recovery.ts'
import { createRunner } from './runner.ts'

/** The job engine, as the rest of the server uses it. */
export interface Jobs {
  readonly outputs: Outputs
  /** Has a job run that was written down as `PENDING`. */
  enqueue(jobId: string): Promise<void>
  /** Stops a job that runs; false where it does not. */
  cancel(jobId: string): boolean
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
}

export const createJobs = ({ config, db, events, log, vault, agenda, serverId }: JobsOptions): Jobs => {
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
  const enqueue = (jobId: string): Promise<void> => queue.enqueue(jobId)
  const runner = createRunner({ db, events, log, outputs, serverId, environment, borgOf, openKey, enqueue })
  const queue = createQueue(agenda, runner.take)
  return {
    outputs,
    enqueue,
    cancel: runner.cancel,
    recover: () => recover({ db, log, serverId, borgOf, environment }),
    async start() {
      await agenda.start()
      const waiting = await db.job.findMany({
        where: { state: { in: ['PENDING', 'QUEUED'] } },
        orderBy: { id: 'asc' },
        select: { id: true },
      })
      for (const { id } of waiting) await enqueue(id)
    },
    async stop(grace) {
      await runner.stop(grace)
      await agenda.drain()
    },
  }
}
