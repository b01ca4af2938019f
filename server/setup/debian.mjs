// @ts-check
import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { findProgram, runQuietly } from './programs.mjs'
import { SetupStopped, say } from './say.mjs'

/**
 * A Debian package and whether what it is wanted for is there, wherever that came from.
 * @typedef {{ readonly name: string, readonly isThere: () => boolean }} DebianPackage
 */

/** @type {readonly DebianPackage[]} */
export const serverPackages = [
  { name: 'borgbackup', isThere: () => findProgram('borg') !== undefined },
  { name: 'rclone', isThere: () => findProgram('rclone') !== undefined },
  { name: 'fuse3', isThere: () => findProgram('fusermount3') !== undefined },
  { name: 'python3-pyfuse3', isThere: () => canMount(findProgram('borg')) },
]

/** @type {readonly DebianPackage[]} */
export const testPackages = [
  { name: 'chromium', isThere: () => findProgram('chromium') !== undefined },
  { name: 'postgresql', isThere: () => hasPostgres() },
]

/**
 * Whether borg has what `borg mount` needs. A borg that is no Python script is the standalone one, which has it inside.
 * @param {string | undefined} borg
 */
const canMount = (borg) => {
  if (borg === undefined) return false
  const [, interpreter] = /^#!\s*(\S*python\S*)/.exec(readStart(borg)) ?? []
  if (interpreter === undefined) return true
  const check =
    'import sys; from importlib.util import find_spec; sys.exit(not (find_spec("pyfuse3") or find_spec("llfuse")))'
  return spawnSync(interpreter, ['-c', check]).status === 0
}

/** Debian keeps PostgreSQL's server off the PATH, a folder for each version. */
const hasPostgres = () => {
  const versions = '/usr/lib/postgresql'
  return existsSync(versions) && readdirSync(versions).some((one) => existsSync(`${versions}/${one}/bin/postgres`))
}

/** @param {string} file */
const readStart = (file) => {
  const descriptor = openSync(file, 'r')
  const start = Buffer.alloc(200)
  const length = readSync(descriptor, start)
  closeSync(descriptor)
  return start.toString('latin1', 0, length)
}

/**
 * Installs those of the packages whose programs are missing. Throws `SetupStopped` where that needs somebody else.
 * @param {readonly DebianPackage[]} packages
 */
export const installMissing = async (packages) => {
  const missing = packages.filter(({ isThere }) => !isThere()).map(({ name }) => name)
  if (missing.length === 0) return
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`
  if (findProgram('apt-get') === undefined) {
    throw new SetupStopped(`Missing: what Debian calls ${missing.join(', ')}. Install that, then try again.`)
  }
  if (process.getuid?.() !== 0) {
    throw new SetupStopped(
      `Missing: ${missing.join(', ')}. Install them as root, then try again:\n\n  apt-get update && ${command}\n`,
    )
  }
  say(`Installing Debian's ${missing.join(', ')} …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const lockTimeout = ['-o', 'DPkg::Lock::Timeout=120']
  await runQuietly('apt-get', ['update', ...lockTimeout], environment)
  await runQuietly('apt-get', ['install', '--yes', '--no-install-recommends', ...lockTimeout, ...missing], environment)
}
