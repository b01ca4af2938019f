import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import pTimeout from 'p-timeout'
import { createAgenda } from './agenda/agenda.ts'
import { openBackend } from './agenda/backends.ts'
import { createChores } from './agenda/chores.ts'
import { queueTimeout } from './agenda/timeout.ts'
import type { Config } from './config.ts'
import { checkSmallRecords } from './database/check.ts'
import { openDatabase } from './database/client.ts'
import { recordsCopies } from './database/copies.ts'
import { prepareDataFolder } from './database/data-folder.ts'
import { lockDataFolder, lockRecords } from './database/data-folder-lock.ts'
import { asUnusable } from './database/errors.ts'
import { migrate } from './database/migrate.ts'
import { workAside } from './database/records-thread.ts'
import { refuseVanishedRecords } from './database/vanished.ts'
import { createEvents } from './events.ts'
import { createHttpServer } from './http/server.ts'
import { createJobs } from './jobs/engine/jobs.ts'
import { jobKinds } from './jobs/kinds/index.ts'
import { createHistory } from './jobs/records/history.ts'
import type { TaskKinds } from './jobs/records/kind-definition.ts'
import { removeLeftHookFolders } from './jobs/tasks/hook-folders.ts'
import { taskKinds } from './jobs/tasks/index.ts'
import type { Log } from './log.ts'
import { breakLeftLocks } from './repositories/left-locks.ts'
import { createClock } from './schedules/clock.ts'
import { checkSealed, readSealed } from './sealed.ts'
import { openVault } from './secrets/vault.ts'
import { expiredSessions } from './users/expired.ts'
import { createUsers } from './users/service.ts'

/** The server cannot listen where it should; the message says why. */
export class AddressUnusable extends Error {}

const addressReasons: Record<string, string> = {
  EADDRINUSE: 'another program listens there already. Stop it, or set PORT to another number',
  EADDRNOTAVAIL: 'HOST is no address of this machine',
  ENOTFOUND: 'HOST is not known',
  EACCES: 'ports below 1024 need more rights. Set PORT to another number',
}

export interface Server {
  /** Such as `http://127.0.0.1:8000`. */
  readonly address: string
  /** Whether there is an administrator. */
  readonly isSetUp: boolean
  /** Resolves where the records turn out to be damaged, which takes a while to find out of large ones: it is to be stopped. */
  readonly damage: Promise<Error>
  /** Ends what goes on, after the time that the configuration gives it, and lets go of everything. Once. */
  stop(): Promise<void>
}

interface ServerOptions {
  readonly config: Config
  readonly log: Log
  /** What tasks do; what they really do where it is left out. */
  readonly tasks?: TaskKinds | undefined
}

/**
 * Puts the server together from the bottom up; `stop` takes it apart in reverse. Throws `AddressUnusable`,
 * `DataFolderInUse`, `DataFolderUnusable`, `FileUnusable`, `KeyFileUnusable`, `MigrationFailed`, `QueueUnusable`,
 * `RecordsUnusable`.
 */
export const startServer = (options: ServerOptions): Promise<Server> =>
  start(options).catch((error: unknown) => {
    throw asUnusable(error, options.config.databaseFile)
  })

const start = async ({ config, log, tasks = taskKinds }: ServerOptions): Promise<Server> => {
  prepareDataFolder(config.dataFolder)
  const folderLock = lockDataFolder(config.dataFolder)
  await refuseVanishedRecords(config)
  const recordsLock = lockRecords(config.databaseFile)
  const isChecked = checkSmallRecords(config.databaseFile)
  await migrate(config.databaseFile)
  const db = await openDatabase(config.databaseFile)
  const sealed = await readSealed(db)
  const vault = await openVault(config.secretKeyFile, { isNeeded: sealed.length > 0 })
  checkSealed(sealed, vault, config.secretKeyFile)
  const events = createEvents()
  const backend = await openBackend({ url: config.agendaUrl, db, log })
  const { id: serverId } = await db.server.create({ data: { host: hostname(), pid: process.pid } })
  const agenda = createAgenda({ backend, log })
  const kinds = { jobs: jobKinds, tasks }
  const jobs = createJobs({ config, db, events, log, vault, serverId, kinds })
  const history = createHistory({ db, events, log, kinds: kinds.jobs })
  const clock = createClock({ db, events, log, kinds, agenda })
  const chores = createChores({
    agenda,
    log,
    chores: [history.chore, recordsCopies(config, log), expiredSessions(db)],
  })
  const users = createUsers({ db, config, log })
  const http = createHttpServer({ config, log, db, events, vault, users, kinds, jobs, history, clock })

  await breakLeftLocks({ config, db, log, vault }, await jobs.recover())
  await removeLeftHookFolders(config.dataFolder)
  // Before the jobs begin: a server that cannot listen must not have begun any.
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  http.server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      new AddressUnusable(`${config.host}, port ${config.port}: ${addressReasons[error.code ?? ''] ?? error.message}.`),
    ),
  )
  http.server.listen(config.port, config.host, resolve)
  await listening
  await clock.start()
  await chores.start()
  await agenda.start()
  await jobs.start()
  const check = isChecked ? null : workAside({ file: config.databaseFile, copy: null })
  const { promise: damage, resolve: noteDamage } = Promise.withResolvers<Error>()
  check?.done.catch(noteDamage)
  const { port } = http.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    address: `http://${host}:${port}`,
    isSetUp: await users.isSetUp(),
    damage,
    async stop() {
      // All at once: what runs is told now, however long the queue takes to answer.
      const grace = config.stopGrace * 1000
      await Promise.all([check?.end(), clock.stop(), chores.stop(), history.stop(), jobs.stop(grace)])
      await pTimeout(agenda.drain(), queueTimeout)
      await http.close()
      await db.server.update({ where: { id: serverId }, data: { stoppedAt: new Date() } })
      await db.$disconnect()
      recordsLock.release()
      folderLock.release()
    },
  }
}
