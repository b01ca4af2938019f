// @ts-check
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './programs.mjs'

/** In node_modules, so that removing that folder also forgets what was made with it. */
const folder = join(root, 'node_modules/.borgitory')

/**
 * One thing to make, and what it is made of. Paths are relative to the repository; a folder stands for all files in it
 * whose path `isInput` accepts.
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly string[]} inputs
 * @property {(path: string) => boolean} [isInput]
 * @property {readonly string[]} outputs
 * @property {() => Promise<void>} make
 */

/**
 * Makes what is missing or was made of something else.
 * @param {Step} step
 */
export const makeIfNeeded = async (step) => {
  const stamp = join(folder, step.name)
  const isThere = step.outputs.every((path) => existsSync(join(root, path)))
  const before = hashInputs(step)
  if (isThere && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) return
  rmSync(stamp, { force: true })
  await step.make()
  mkdirSync(folder, { recursive: true })
  writeFileSync(stamp, before)
}

/** @param {Step} step */
const hashInputs = ({ inputs, isInput = () => true }) => {
  const hash = createHash('sha256')
  for (const path of inputs.flatMap(listFiles).filter(isInput)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
const listFiles = (path) => {
  if (!existsSync(join(root, path))) return []
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => listFiles(`${path}/${name}`))
}
