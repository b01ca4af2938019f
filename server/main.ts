import { QueueUnusable } from './agenda/backends.ts'
import { ConfigInvalid, readConfig } from './config.ts'
import { DataFolderUnusable } from './database/data-folder.ts'
import { DataFolderInUse } from './database/data-folder-lock.ts'
import { FileUnusable, RecordsUnusable } from './database/errors.ts'
import { MigrationFailed } from './database/migrate.ts'
import { createLog } from './log.ts'
import { KeyFileUnusable } from './secrets/vault.ts'
import { AddressUnusable, startServer } from './server.ts'

/** Ways in which a start fails that the person who started it can mend; their messages say how. */
const startProblems = [
  AddressUnusable,
  ConfigInvalid,
  DataFolderInUse,
  DataFolderUnusable,
  FileUnusable,
  KeyFileUnusable,
  MigrationFailed,
  QueueUnusable,
  RecordsUnusable,
]

/** The whole process: starts the server as the environment says, and ends with it. */
const run = async () => {
  const config = readConfig()
  const log = createLog(config)
  const server = await startServer({ config, log })

  let isStopping = false
  const stop = (status: number, why: object) => {
    if (isStopping) return
    isStopping = true
    log.info(why, 'stopping')
    server.stop().then(
      () => process.exit(status),
      (error: unknown) => {
        log.fatal({ err: error }, 'the server could not stop in order')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(0, { signal }))
  void server.damage.then((error) => {
    process.stderr.write(`Borgitory stops. ${error.message}\n`)
    stop(1, { err: error })
  })

  process.stdout.write(`Borgitory is ready at ${server.address}\n`)
  if (!server.isSetUp) {
    const token = encodeURIComponent(config.setupToken.reveal())
    process.stdout.write(`Set it up at ${config.publicUrl?.origin ?? server.address}/set-up#token=${token}\n`)
  }
}

try {
  await run()
} catch (error) {
  if (!startProblems.some((problem) => error instanceof problem)) throw error
  process.stderr.write(`Borgitory cannot start. ${(error as Error).message}\n`)
  process.exit(1)
}
