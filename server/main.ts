import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { ConfigInvalid, readConfig } from './config.ts'
import { openDatabase } from './database/client.ts'
import { DataFolderUnusable, prepareDataFolder } from './database/data-folder.ts'
import { DataFolderInUse, holdDataFolder, holdRecords } from './database/hold.ts'
import { MigrationFailed, migrate } from './database/migrate.ts'
import { createEvents } from './events.ts'
import { createHttpServer } from './http/server.ts'
import { createJobs } from './jobs/jobs.ts'
import { createLog } from './log.ts'
import { createAgenda } from './schedules/agenda.ts'
import { createEmbeddedBackend } from './schedules/backend.ts'
import { createClock } from './schedules/clock.ts'
import { KeyFileUnusable, openVault } from './secrets/vault.ts'
import { createUsers } from './users/service.ts'

/** The server cannot listen where it should; the message says why. */
class AddressUnusable extends Error {}

const addressReasons: Record<string, string> = {
  EADDRINUSE: 'another program listens there already. Stop it, or set PORT to another number',
  EADDRNOTAVAIL: 'HOST is no address of this machine',
  ENOTFOUND: 'HOST is not known',
  EACCES: 'ports below 1024 need more rights. Set PORT to another number',
}

/** Ways in which a start fails that the person who started it can mend; their messages say how. */
const startProblems = [
  AddressUnusable,
  ConfigInvalid,
  DataFolderInUse,
  DataFolderUnusable,
  KeyFileUnusable,
  MigrationFailed,
]

/** Puts the server together from the bottom up, and takes it apart in reverse when it is told to stop. */
const start = async () => {
  const config = readConfig()
  const log = createLog(config)
  prepareDataFolder(config.dataFolder)
  const hold = holdDataFolder(config.dataFolder)
  const recordsHold = holdRecords(config.databaseFile)
  await migrate(config.databaseFile)
  const db = await openDatabase(config.databaseFile)
  const vault = await openVault(config.secretKeyFile)
  const events = createEvents()
  const { id: serverId } = await db.server.create({ data: { host: hostname(), pid: process.pid } })
  const agenda = createAgenda({ backend: createEmbeddedBackend(db), log })
  const jobs = createJobs({ config, db, events, log, vault, agenda, serverId })
  const clock = createClock({ db, events, log, jobs, agenda })
  const users = createUsers({ db, config, log })
  const http = createHttpServer({ config, log, db, events, vault, users, jobs, clock })

  await jobs.recover()
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
  await jobs.start()
  const { port } = http.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const address = `http://${host}:${port}`
  const isSetUp = await users.isSetUp()

  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    await clock.stop()
    await jobs.stop(config.stopGrace * 1000)
    await http.close()
    await db.server.update({ where: { id: serverId }, data: { stoppedAt: new Date() } })
    await db.$disconnect()
    recordsHold.release()
    hold.release()
    process.exit(0)
  }
  const stopOn = (signal: NodeJS.Signals) =>
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.fatal({ err: error }, 'the server could not stop in order')
        process.exit(1)
      })
    })
  stopOn('SIGTERM')
  stopOn('SIGINT')

  process.stdout.write(`Borgitory is ready at ${address}\n`)
  if (!isSetUp) {
    process.stdout.write(`Set it up at ${address}/set-up#token=${encodeURIComponent(config.setupToken.reveal())}\n`)
  }
}

try {
  await start()
} catch (error) {
  if (!startProblems.some((problem) => error instanceof problem)) throw error
  process.stderr.write(`Borgitory cannot start. ${(error as Error).message}\n`)
  process.exit(1)
}
