import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { App } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openDatabase } from '../../server/database/client.ts'
import { migrate } from '../../server/database/migrate.ts'
import { createEvents } from '../../server/events.ts'
import type { HttpOptions } from '../../server/http/server.ts'
import { jobKinds } from '../../server/jobs/kinds/index.ts'
import { createOutputs } from '../../server/jobs/output/output.ts'
import { createHistory } from '../../server/jobs/records/history.ts'
import { taskKinds } from '../../server/jobs/tasks/index.ts'
import { openVault } from '../../server/secrets/vault.ts'
import { createUsers } from '../../server/users/service.ts'
import { type ApiClient, apiClient } from './api-client.ts'
import { cleanUpAfter } from './cleanup.ts'
import { setupToken } from './server-process.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface TestApp {
  readonly app: App
  /** Everything that was logged so far. */
  log(): string
}

/** The parts of the server in this process, on an empty data folder and with no job ever run. */
export const createApp = async (): Promise<TestApp> => {
  const config = readConfig({ BORGITORY_DATA: temporaryFolder(), BORGITORY_SETUP_TOKEN: setupToken })
  let logged = ''
  const log = pino(
    { level: 'debug', base: undefined },
    new Writable({
      write: (chunk, _encoding, done) => {
        logged += chunk
        done()
      },
    }),
  )
  await migrate(config.databaseFile)
  const db = await openDatabase(config.databaseFile)
  cleanUpAfter(() => db.$disconnect())
  const events = createEvents()
  const history = createHistory({ db, events, log, kinds: jobKinds })
  cleanUpAfter(() => history.stop())
  const app: App = {
    config,
    log,
    db,
    events,
    vault: await openVault(config.secretKeyFile),
    users: createUsers({ db, config, log }),
    kinds: { jobs: jobKinds, tasks: taskKinds },
    jobs: {
      outputs: createOutputs({ db, events }),
      look: () => {},
      cancel: () => {},
      recover: async () => [],
      start: async () => {},
      stop: async () => {},
    },
    history,
    clock: {
      refresh: () => {},
      schedulesOf: async () => [],
      announceDeleted: () => {},
      start: async () => {},
      stop: async () => {},
    },
  }
  return { app, log: () => logged }
}

/** For `listen`: what variables about the way to the server make of its configuration. */
export const reachedBy =
  (variables: { TRUSTED_PROXIES?: string; PUBLIC_URL?: string; HOST?: string }) =>
  ({ config }: App): Partial<App> => {
    const { trustedProxies, publicUrl, host } = readConfig(variables)
    return { config: { ...config, trustedProxies, publicUrl, host } }
  }

export interface ListeningApp extends TestApp {
  readonly url: string
  readonly server: Server
  /** A client that nobody is signed in to. */
  client(): ApiClient
  close(): Promise<void>
}

/** The same, answering HTTP and WebSocket, by default without a web client. `change` replaces parts of it. */
export const listen = async (
  options: HttpOptions = {},
  change: (app: App) => Partial<App> = () => ({}),
): Promise<ListeningApp> => {
  const { app, log } = await createApp()
  // Loaded late: a test file may have added fields of its own to the schema.
  const { createHttpServer } = await import('../../server/http/server.ts')
  const { server, close } = createHttpServer({ ...app, ...change(app) }, { webFolder: temporaryFolder(), ...options })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUpAfter(() => (server.listening ? close() : undefined))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = () => {
    const opened = apiClient(url)
    cleanUpAfter(() => opened.close())
    return opened
  }
  return { app, log, url, server, client, close }
}
