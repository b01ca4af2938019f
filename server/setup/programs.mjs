// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupStopped } from './say.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const packagePrograms = join(root, 'node_modules/.bin')
const folders = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => folder !== '' && folder !== packagePrograms)

/** The environment in which `node` and every program of an npm package is the one in node_modules. */
export const packageEnvironment = {
  ...process.env,
  PATH: [packagePrograms, ...folders].join(delimiter),
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
