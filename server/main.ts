import { chmodSync, mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { ConfigInvalid, readConfig } from './config.ts'
import { openDatabase } from './database/client.ts'
import { DataFolderInUse, holdDataFolder } from './database/hold.ts'
import { MigrationFailed, migrate } from './database/migrate.ts'
import { createEvents } from './events.ts'
import { createHttpServer } from './http/server.ts'
import { createJobs } from './jobs/jobs.ts'
import { createLog } from './log.ts'
import { createAgenda } from './schedules/agenda.ts'
import { createEmbeddedBackend } from './schedules/backend.ts'
import { KeyFileUnusable, openVault } from './secrets/vault.ts'
import { createUsers } from './users/service.ts'

/** Ways in which a start fails that the person who started it can mend; their messages say how. */
const startProblems = [ConfigInvalid, DataFolderInUse, MigrationFailed, KeyFileUnusable]

/** Puts the server together from the bottom up, and takes it apart in reverse when it is told to stop. */
const start = async () => {
  const config = readConfig()
  const log = createLog(config)
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  chmodSync(config.dataFolder, 0o700)
  const hold = holdDataFolder(config.dataFolder)
  await migrate(config.databaseFile)
  const db = await openDatabase(config.databaseFile)
  const vault = await openVault(config.secretKeyFile)
  const events = createEvents()
  const { id: serverId } = await db.server.create({ data: { host: hostname(), pid: process.pid } })
  const agenda = createAgenda({ backend: createEmbeddedBackend(db), log })
  const jobs = createJobs({ config, db, events, log, vault, agenda, serverId })
  const users = createUsers({ db, config, log })
  const http = createHttpServer({ config, log, db, events, vault, users, jobs })

  await jobs.start()
  const { promise: listening, resolve, reject } = Promise.withResolvers<void>()
  http.server.once('error', reject)
  http.server.listen(config.port, config.host, resolve)
  await listening
  const { port } = http.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const address = `http://${host}:${port}`
  const isSetUp = await users.isSetUp()

  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return
    isStopping = true
    log.info({ signal }, 'stopping')
    await jobs.stop(config.stopGrace * 1000)
    await http.close()
    await db.server.update({ where: { id: serverId }, data: { stoppedAt: new Date() } })
    await db.$disconnect()
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
    process.stdout.write(`Set it up at ${address}/set-up#token=${config.setupToken.reveal()}\n`)
  }
}

try {
  await start()
} catch (error) {
  if (!startProblems.some((problem) => error instanceof problem)) throw error
  process.stderr.write(`Borgitory cannot start. ${(error as Error).message}\n`)
  process.exit(1)
}
