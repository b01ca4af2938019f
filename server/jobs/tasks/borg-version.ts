import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseVersion, version, versionProblem } from '../../borg/features.ts'
import { readOutput } from '../../process/output.ts'

/** Which file a program of that name is, and which version of the file; null where there is none on the path. */
const fingerprint = async (name: string, path = ''): Promise<string | null> => {
  for (const folder of path.split(':')) {
    const file = join(folder, name)
    const found = await stat(file).catch(() => null)
    if (found?.isFile() && (found.mode & 0o111) !== 0) return `${file} ${found.ino} ${found.size} ${found.mtimeMs}`
  }
  return null
}

interface Checked {
  readonly file: string
  readonly problem: string | null
}

/** What was found out, by the environment that borg is found in. */
const checked = new WeakMap<Readonly<Record<string, string>>, Checked>()

/**
 * Why the borg that is installed now cannot be used, in plain words; null where it can, or where there is none. Borg is
 * asked for its version, which takes a third of a second, only once for as long as its file stays the same.
 */
export const checkBorg = async (
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | null> => {
  const file = await fingerprint('borg', environment.PATH)
  if (file === null) return null
  const known = checked.get(environment)
  if (known?.file === file) return known.problem
  const output = await readOutput(version, { environment, signal })
  if (output === null) return null
  const found = parseVersion(output)
  if (found === null) return 'Borg does not tell its version, so it was not used.'
  const problem = versionProblem(found)
  checked.set(environment, { file, problem })
  return problem
}
