import { constants } from 'node:fs'
import { access, opendir, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { validated } from '../problems.ts'
import { mountsIn } from './mounts.ts'
import { absolutePath } from './path.ts'
import { LocationUnusable } from './problems.ts'
import { doesNotAnswer, silentOf } from './silent.ts'

export interface FolderEntry {
  readonly name: string
  /** Absolute path. */
  readonly path: string
  readonly isReadable: boolean
}

export interface Folder {
  /** Absolute path. */
  readonly path: string
  readonly parent: string | null
  /** By name. */
  readonly folders: readonly FolderEntry[]
  /** Whether there are more than these. */
  readonly isTruncated: boolean
}

/** The most folders that are read of one folder. */
export const mostFolders = 1000

const reasons: Record<string, string> = {
  ENOENT: 'does not exist.',
  ENOTDIR: 'is not a folder.',
  EACCES: 'may not be read by Borgitory.',
  EPERM: 'may not be read by Borgitory.',
}

const isReadable = (path: string) =>
  access(path, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  )

/** The names in a folder at which something is mounted that does not answer, of which nothing more can be found out. */
const silentNames = async (folder: string): Promise<readonly string[]> =>
  (await silentOf(await mountsIn(await realpath(folder)), { opens: true })).map((mounted) => basename(mounted))

/**
 * The folders in a folder, for choosing one. A folder whose name is not UTF-8 is left out, because it cannot be named in the API.
 * Throws `InvalidInput`, `LocationUnusable`.
 */
export const readFolder = async (input: string): Promise<Folder> => {
  const path = validated(absolutePath, input)
  if ((await silentOf([path], { opens: true })).length > 0) throw new LocationUnusable(path, doesNotAnswer)
  const names: string[] = []
  let isTruncated = false
  try {
    for await (const entry of await opendir(path)) {
      if (!entry.isDirectory() || entry.name.includes('\ufffd')) continue
      if (names.length === mostFolders) {
        isTruncated = true
        break
      }
      names.push(entry.name)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    throw new LocationUnusable(path, reasons[code] ?? `cannot be read (${code}).`)
  }
  names.sort(new Intl.Collator('en', { numeric: true }).compare)
  const silent = await silentNames(path)
  const folders = await Promise.all(
    names.map(async (name) => ({
      name,
      path: join(path, name),
      isReadable: !silent.includes(name) && (await isReadable(join(path, name))),
    })),
  )
  return { path, parent: path === '/' ? null : dirname(path), folders, isTruncated }
}
