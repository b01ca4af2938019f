import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface SourceFile {
  /** Relative to the repository, such as `server/borg/create.ts`. */
  readonly path: string
  readonly text: string
}

export interface Import {
  /** A path relative to the repository, or the name of a package. */
  readonly target: string
  /** Erased before the program runs. */
  readonly isType: boolean
}

/** The source files in a folder of the repository. */
export const readSources = (folder: string): readonly SourceFile[] =>
  readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(root.length).replace(/^\/+/, ''))
    .filter((path) => !path.startsWith('web/src/api/gql/') && !path.startsWith('web/dist/'))
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8') }))

const names = String.raw`\{[^}]*\}`
const statement = new RegExp(
  String.raw`^(?:import|export)\s+(?<type>type\s+)?(?<names>\*(?:\s+as\s+\w+)?|${names}|\w+(?:\s*,\s*${names})?)\s+from\s+'(?<from>[^']+)'`,
  'gm',
)
const sideEffect = /^import\s+'(?<from>[^']+)'/gm
const dynamic = /\bimport\(\s*'(?<from>[^']+)'\s*\)/g

/** What a file imports or re-exports, the dynamic imports with a literal name included. */
export const importsOf = ({ path, text }: SourceFile): readonly Import[] => {
  const resolve = (from = '') => (from.startsWith('.') ? posix.join(posix.dirname(path), from) : from)
  return [
    ...[...text.matchAll(statement)].map(({ groups = {} }) => ({
      target: resolve(groups.from),
      isType: groups.type !== undefined || isAllTypes(groups.names ?? ''),
    })),
    ...[...text.matchAll(sideEffect), ...text.matchAll(dynamic)].map(({ groups = {} }) => ({
      target: resolve(groups.from),
      isType: false,
    })),
  ]
}

const isAllTypes = (names: string) =>
  names.startsWith('{') &&
  names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .every((name) => name.startsWith('type '))
