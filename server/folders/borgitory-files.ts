import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import { readOutput } from '../process/output.ts'
import { within, withOtherMounts } from './mounts.ts'

/** What SQLite and `database/data-folder-lock.ts` put beside the file of the records. */
const besideRecords = ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal']

const whereItIs = (path: string) => realpath(path).catch(() => path)

/** What no backup may hold, where it really is: the data folder, and what of its content is kept outside of it. */
export const findOwnPaths = async ({
  dataFolder,
  secretKeyFile,
  databaseFile,
}: Pick<Config, 'dataFolder' | 'secretKeyFile' | 'databaseFile'>): Promise<readonly string[]> => {
  const [folder, key, records] = await Promise.all([dataFolder, secretKeyFile, databaseFile].map(whereItIs))
  return [folder, key, ...besideRecords.map((end) => `${records}${end}`)].filter(
    (path, index): path is string => path !== undefined && (index === 0 || within(path, folder ?? '/') === null),
  )
}

interface Options {
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/**
 * Where folders really are, links followed, whether they exist or not; null where that cannot be told. Asked of a program:
 * a disk that does not answer holds whoever looks.
 */
const resolveAll = async (folders: readonly string[], options: Options): Promise<readonly (string | null)[]> => {
  const args = ['--zero', '--canonicalize-missing', '--', ...folders]
  const answer = await readOutput({ program: 'realpath', args, parse: (line) => line }, options)
  const found = (answer ?? '').split('\0').slice(0, -1)
  if (found.length === folders.length) return found
  return folders.length === 1
    ? [null]
    : (await Promise.all(folders.map((folder) => resolveAll([folder], options)))).flat()
}

const unique = <T>(values: readonly T[]) => [...new Set(values)]

/** What is left out of a backup whatever its patterns say. */
export interface LeftOut {
  /** Absolute, as borg comes across them. */
  readonly paths: readonly string[]
  /** Those that surely are Borgitory's own. */
  readonly own: readonly string[]
  /** Why sources are among them, as a sentence; null where none is. */
  readonly problem: string | null
}

const nameThem = (why: string, sources: readonly string[]) =>
  sources.length === 0 ? [] : [`${why}: ${sources.map((source) => JSON.stringify(source)).join(', ')}.`]

/**
 * What of Borgitory's own files lies in these sources as they are now: links may lead elsewhere than when the sources were
 * chosen. Borg follows the links above a source, and neither itself nor any in it.
 */
export const findLeftOut = async (
  sources: readonly string[],
  ownPaths: readonly string[],
  options: Options,
): Promise<LeftOut> => {
  const reachable = await withOtherMounts(ownPaths)
  const folders = unique(sources.map((source) => dirname(source)))
  const resolved = await resolveAll(folders, options)
  const paths: string[] = []
  const inside: string[] = []
  const unclear: string[] = []
  for (const source of sources) {
    const folder = resolved[folders.indexOf(dirname(source))] ?? null
    if (folder === null) {
      unclear.push(source)
      continue
    }
    const place = join(folder, basename(source))
    if (reachable.some((path) => within(place, path) !== null)) inside.push(source)
    else {
      const parts = reachable.map((path) => within(path, place)).filter((part) => part !== null)
      paths.push(...parts.map((part) => join(source, part)))
    }
  }
  const problems = [
    ...nameThem('Borgitory’s own files are never backed up', inside),
    ...nameThem('It cannot be found out where this leads', unclear),
  ]
  return {
    paths: unique([...paths, ...inside, ...unclear]),
    own: unique([...paths, ...inside]),
    problem: problems.length === 0 ? null : problems.join(' '),
  }
}
