import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { temporaryFolder } from './temporary-folder.ts'

export interface BorgOptions {
  readonly passphrase?: string
  /** Borg's own cache, keys and security data; by default a new folder for each call. */
  readonly baseFolder?: string
  readonly workingFolder?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** What a borg of a test starts from. */
export const borgEnvironment = (options: BorgOptions): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  BORG_BASE_DIR: options.baseFolder ?? temporaryFolder(),
  BORG_PASSPHRASE: options.passphrase ?? '',
  BORG_RELOCATED_REPO_ACCESS_IS_OK: 'yes',
  BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes',
  ...options.environment,
})

/** Runs the real borg, to arrange or to check things. Gives its standard output; throws with its words on failure. */
export const borg = async (args: readonly string[], options: BorgOptions = {}): Promise<string> => {
  const child = spawn('borg', args, {
    cwd: options.workingFolder,
    env: borgEnvironment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (exitCode !== 0) throw new Error(`borg ${args.join(' ')} ended with status ${exitCode}:\n${stderr}`)
  return stdout
}
