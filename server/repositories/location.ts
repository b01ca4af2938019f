import { constants } from 'node:fs'
import { access, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { absolutePath, isInside, resolvePath } from '../folders/path.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { doesNotAnswer, silentOf } from '../folders/silent.ts'
import { systemPlace } from '../folders/system-places.ts'

/** Where a repository is: an absolute path that borg takes as it stands. */
export const repositoryLocation = absolutePath
  .refine((path) => path !== '/', 'cannot be the root folder')
  // Borg takes these for the separator before an archive's name, and for placeholders.
  .refine((path) => !path.includes('::'), 'must not contain ::')
  .refine((path) => !path.endsWith(':'), 'must not end with :')
  // Borg notes where it saw a repository, without what is blank at the end and with other line ends: the next time the
  // place would be another one.
  .refine((path) => !/[\s\p{Cc}]$/u.test(path), 'must not end with a space or another blank')
  .refine((path) => !path.includes('\r'), 'must not contain a carriage return')
  .refine((path) => !/[{}]/.test(path), 'must not contain { or }')

type Kind = 'nothing' | 'file' | 'empty folder' | 'folder' | 'repository'

/** What is at a path. Throws `LocationUnusable` where that cannot be found out. */
const look = async (path: string): Promise<Kind> => {
  try {
    if (!(await stat(path)).isDirectory()) return 'file'
    const names = await readdir(path)
    if (names.length === 0) return 'empty folder'
    if (!names.includes('config') || !names.includes('data')) return 'folder'
    const config = await readFile(join(path, 'config'), 'utf8')
    return /^\[repository\]/m.test(config) ? 'repository' : 'folder'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return 'nothing'
    if (code === 'ENOTDIR') throw new LocationUnusable(path, 'leads through a file.')
    if (code === 'EACCES' || code === 'EPERM') throw new LocationUnusable(path, 'may not be read by Borgitory.')
    throw new LocationUnusable(path, `cannot be read (${code}).`)
  }
}

/** Whether something can be written at the path, or in the nearest folder above it that exists. */
const isWritable = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return isMissing && path !== '/' && isWritable(dirname(path))
  }
}

/** Refuses paths in Borgitory's own data folder: what it keeps is neither a repository nor something to back up into itself. */
export const assertOutsideData = async (path: string, dataFolder: string): Promise<void> => {
  if (isInside(await resolvePath(path), await resolvePath(dataFolder))) {
    throw new LocationUnusable(path, "is inside Borgitory's own data folder.")
  }
}

/** Refuses what is in the system's own places, or leads through one of them. */
export const assertOnDisk = async (path: string): Promise<void> => {
  const place = await systemPlace(path)
  if (place === null) return
  throw new LocationUnusable(path, `is in ${place} or leads through it: the system shows its own state there.`)
}

/** Refuses paths that do not answer. With `opens` it opens those that are folders. To be asked before all else. */
export const assertAnswers = async (paths: readonly string[], { opens = false } = {}): Promise<void> => {
  const [silent] = await silentOf(paths, { opens })
  if (silent !== undefined) throw new LocationUnusable(silent, doesNotAnswer)
}

/** Throws `LocationUnusable` where no repository can be created at the path. */
export const assertCreatable = async (path: string, dataFolder: string): Promise<void> => {
  await assertAnswers([path], { opens: true })
  await assertOnDisk(path)
  await assertOutsideData(path, dataFolder)
  const kind = await look(path)
  if (kind === 'file') throw new LocationUnusable(path, 'is a file.')
  if (kind === 'repository') throw new LocationUnusable(path, 'already is a borg repository: import it instead.')
  if (kind === 'folder') throw new LocationUnusable(path, 'is a folder that is not empty.')
  if (!(await isWritable(path))) throw new LocationUnusable(path, 'is not writable for Borgitory.')
}

/** Throws `LocationUnusable` where there is no repository at the path that could be worked with. */
export const assertImportable = async (path: string, dataFolder: string): Promise<void> => {
  await assertAnswers([path], { opens: true })
  await assertOnDisk(path)
  await assertOutsideData(path, dataFolder)
  const kind = await look(path)
  if (kind === 'nothing') throw new LocationUnusable(path, 'does not exist.')
  if (kind === 'file') throw new LocationUnusable(path, 'is a file.')
  if (kind !== 'repository') throw new LocationUnusable(path, 'exists, but is not a borg repository.')
  if (!(await isWritable(path))) throw new LocationUnusable(path, 'is not writable for Borgitory.')
}
