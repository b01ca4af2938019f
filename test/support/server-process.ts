import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../../server/setup/programs.mjs'

/** What Node keeps of stripped and compiled code, as with `npm start`: from the second start on a third of a second and 25 MB less. */
export const compileCache = join(root, 'node_modules/.borgitory/compiled')

/** The one-time token that every server of the tests is started with. */
export const setupToken = 'setup-token-of-the-tests'

export interface ServerOptions {
  /** What the server keeps everything in. Give the same folder again to start a server anew. */
  readonly dataFolder: string
  /** Added to the server's small environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** What is run, from the top of the project; the server itself where it is left out. */
  readonly program?: string
  /** Whether it heeds the permissions of files as everybody but root must, also where the tests run as root. */
  readonly isUnprivileged?: boolean
  /** Milliseconds until it must be ready. */
  readonly readyWithin?: number
}

export interface ServerProcess {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string
  readonly dataFolder: string
  readonly pid: number
  /** Everything that it has printed so far, both streams. */
  output(): string
  /** Resolves when it has ended, to its exit status, or null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** Asks it to stop and waits until it has. Gives its exit status, or null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** Ends it at once, as a power cut would, and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts the real server as a process of its own, as `npm start` does, and waits until it says that it is ready. */
export const launchServer = async (options: ServerOptions): Promise<ServerProcess> => {
  const { dataFolder, environment = {}, program = 'server/main.ts', readyWithin = 120_000 } = options
  const withoutRights = ['setpriv', '--bounding-set=-dac_override,-dac_read_search']
  const [command = '', ...args] = [
    ...(options.isUnprivileged && process.getuid?.() === 0 ? withoutRights : []),
    process.execPath,
    join(root, program),
  ]
  const child = spawn(command, args, {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dataFolder,
      LANG: 'C.UTF-8',
      HOST: '127.0.0.1',
      PORT: '0',
      BORGITORY_DATA: dataFolder,
      BORGITORY_SETUP_TOKEN: setupToken,
      NODE_COMPILE_CACHE: compileCache,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const hasClosed = once(child, 'close')
  let output = ''
  const collect = (text: string) => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await hasClosed
  }
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, url] = /^Borgitory is ready at (http\S+)/.exec(line) ?? []
    if (url) resolve(url)
  })
  hasClosed.then(
    ([status]) => reject(new Error(`The server ended with status ${status} before it was ready:\n${output}`)),
    reject,
  )
  const timer = setTimeout(
    () => reject(new Error(`The server was not ready within ${readyWithin} ms:\n${output}`)),
    readyWithin,
  )
  try {
    const url = await ready
    return {
      url,
      dataFolder,
      pid: child.pid ?? 0,
      output: () => output,
      ended: hasClosed.then(() => child.exitCode),
      stop: async (signal = 'SIGTERM') => {
        await end(signal)
        return child.exitCode
      },
      kill: () => end('SIGKILL'),
    }
  } catch (error) {
    await end('SIGKILL')
    throw error
  } finally {
    clearTimeout(timer)
  }
}
