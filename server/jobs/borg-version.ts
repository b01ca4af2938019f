import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseVersion, version, versionProblem } from '../borg/features.ts'
import { readOutput } from '../process/output.ts'

/** Tells why the borg that is installed now cannot be used, in plain words; null where it can, or where there is none. */
export type CheckBorg = (signal: AbortSignal) => Promise<string | null>

/** Which file a program of that name is, and which version of the file; null where there is none on the path. */
const fingerprint = async (name: string, path = ''): Promise<string | null> => {
  for (const folder of path.split(':')) {
    const file = join(folder, name)
    const found = await stat(file).catch(() => null)
    if (found?.isFile() && (found.mode & 0o111) !== 0) return `${file} ${found.ino} ${found.size} ${found.mtimeMs}`
  }
  return null
}

/** Asks borg for its version, which takes a third of a second, only once for as long as its file stays the same. */
export const createBorgCheck = (environment: Readonly<Record<string, string>>): CheckBorg => {
  let checked: { readonly file: string; readonly problem: string | null } | null = null
  return async (signal) => {
    const file = await fingerprint('borg', environment.PATH)
    if (file === null) return null
    if (checked?.file === file) return checked.problem
    const output = await readOutput(version, { environment, signal })
    if (output === null) return null
    const found = parseVersion(output)
    if (found === null) return 'Borg does not tell its version, so it was not used.'
    checked = { file, problem: versionProblem(found) }
    return checked.problem
  }
}
