import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiClient, apiClient, setUp } from '../support/api-client.ts'
import { isRunning } from '../support/processes.ts'
import { compileCache, launchServer, type ServerOptions, type ServerProcess } from '../support/server-process.ts'

export interface BenchServer extends Pick<ServerOptions, 'environment' | 'program'> {
  /** Writes records into the SQLite file that it is given, before the server starts. */
  readonly fill?: (file: string) => Promise<void>
}

/** What a measurement works with, and what is taken away after it. */
export interface Bench {
  /** An empty folder that is removed with everything in it. */
  readonly folder: string
  /** Has something done when the measurement is over; last comes first. */
  defer(cleanUp: () => unknown): void
  /** Tells whoever waits what goes on. */
  say(text: string): void
  /** Starts the real server, by default on an empty data folder, with an administrator who is signed in. */
  startServer(options?: BenchServer): Promise<{ server: ServerProcess; api: ApiClient }>
  /** What the servers have come to, for whoever has to find out what went wrong: whether each runs, and its last words. */
  describeServers(): string
  /** Ends what still runs and removes what was made. */
  close(): Promise<void>
}

/** Characters of a server's output that are shown where something went wrong. */
const lastWords = 2_000

/** As `npm start` runs it, but that it ends its jobs at once. */
const serverEnvironment = { NODE_COMPILE_CACHE: compileCache, BORGITORY_STOP_GRACE: '0' }

export const openBench = (): Bench => {
  const cleanUps = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'borgitory-bench-'))
  cleanUps.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const servers: ServerProcess[] = []
  return {
    folder,
    defer: (cleanUp) => cleanUps.defer(async () => void (await cleanUp())),
    say: (text) => void process.stderr.write(`${text}\n`),
    async startServer({ fill = async () => {}, environment, ...options } = {}) {
      const dataFolder = join(folder, `data-${servers.length}`)
      mkdirSync(dataFolder, { mode: 0o700 })
      await fill(join(dataFolder, 'borgitory.sqlite'))
      const server = await launchServer({
        ...options,
        dataFolder,
        environment: { ...serverEnvironment, ...environment },
      })
      servers.push(server)
      cleanUps.defer(async () => void (await server.stop()))
      const api = apiClient(server.url)
      cleanUps.defer(() => api.close())
      await setUp(api)
      return { server, api }
    },
    describeServers: () =>
      servers
        .map((server) => {
          const state = isRunning(server.pid) ? 'still runs' : 'has ended'
          return `The server ${server.pid} ${state}. Its last words:\n${server.output().slice(-lastWords)}`
        })
        .join('\n'),
    close: () => cleanUps.disposeAsync(),
  }
}
