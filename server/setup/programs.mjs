// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { constants as system } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupStopped } from './say.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const packagePrograms = join(root, 'node_modules/.bin')
const folders = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => folder !== '' && folder !== packagePrograms)

/** What Node keeps of stripped and compiled code: from the second start on a third of a second and 25 MB less. */
export const compileCache = join(root, 'node_modules/.borgitory/compiled')

/**
 * How the server is to use memory; the script `start` says the same. V8 keeps what is young small, and lets the rest grow
 * by a good half before it collects, for it would else do so over and over beside a long job. It is not to guess from the
 * first requests what will live long: it then takes all answers for such, until the next start. What lies there is
 * given back when the last job has ended, for which `memory.ts` has to be able to call the collector. V8 compiles in
 * threads, each with a heap of its own in the C library, where what is scattered is never returned: so there are two of
 * them, and the library asks the system for each larger block by itself.
 */
export const memory = {
  flags: [
    '--max-semi-space-size=8',
    '--heap-growing-percent=60',
    '--no-allocation-site-pretenuring',
    '--v8-pool-size=2',
    '--expose-gc',
  ],
  environment: { MALLOC_MMAP_THRESHOLD_: '32768' },
}

/** The environment in which `node` and every program of an npm package is the one in node_modules. */
export const packageEnvironment = {
  ...process.env,
  PATH: [packagePrograms, ...folders].join(delimiter),
  NODE_COMPILE_CACHE: compileCache,
}

/** The environment without node_modules, for what replaces that folder. */
export const outerEnvironment = { ...process.env, PATH: folders.join(delimiter) }

/**
 * Where a program is on the PATH, or undefined.
 * @param {string} name
 */
export const findProgram = (name) =>
  folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

/** The Node that runs the server's TypeScript: this one when it can, else the one that npm installed. */
export const findNode = () => (canRunServer(process.versions.node) ? process.execPath : join(packagePrograms, 'node'))

/**
 * Node runs TypeScript by itself from 22.18.
 * @param {string} version
 */
export const canRunServer = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 18)
}

/**
 * Runs a program to its end, and shows what it printed only when it fails. Throws `SetupStopped` then.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export const runQuietly = async (program, args, environment) => {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...environment, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  /** @param {string} text */
  const collect = (text) => {
    output += text
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  const [status] = await once(child, 'close').catch((error) => [error.message])
  if (status !== 0) throw new SetupStopped(`${output}\n${program} ${args.join(' ')} failed (${status}).`)
}

/**
 * Runs a program in the place of this one: it has the terminal, gets the signals, and its exit status becomes ours.
 * A process group of its own, so that Ctrl+C reaches it once.
 * @param {string} program
 * @param {readonly string[]} args
 */
export const handOver = async (program, args) => {
  const child = spawn(program, args, { cwd: root, env: packageEnvironment, stdio: 'inherit', detached: true })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  const [status, signal] = /** @type {[number | null, NodeJS.Signals | null]} */ (await once(child, 'exit'))
  process.exit(signal ? 128 + system.signals[signal] : (status ?? 1))
}
