import { type Import, importsOf, type SourceFile } from './imports.ts'

type Area = keyof typeof direction

/**
 * Who may import whom (architecture, "Who may import whom"). `values` is what runs, `types` is what may be named besides.
 * A file may always import from its own area; every area may import what `shared` lists, and name what `app.ts` does.
 */
const direction = {
  app: { values: [], types: ['config', 'database', 'engine', 'records', 'schedules', 'services', 'tasks'] },
  main: {
    values: ['config', 'database', 'http', 'engine', 'records', 'tasks', 'agenda', 'schedules', 'services'],
    types: [],
  },
  http: { values: ['schema', 'services', 'system'], types: ['config'] },
  schema: { values: ['graphql'], types: ['services'] },
  graphql: {
    values: ['schema', 'services', 'system', 'folders', 'records', 'tasks', 'schedules', 'state'],
    types: ['database', 'config'],
  },
  services: { values: ['records', 'database', 'borg', 'process', 'folders', 'state'], types: ['config', 'schema'] },
  /** What other programs and the machine tell of themselves. */
  system: { values: ['borg', 'rclone', 'process'], types: ['config'] },
  /** What lies on the machine, whoever asks. */
  folders: { values: ['process'], types: ['config'] },
  records: { values: ['database', 'state'], types: ['config'] },
  /** Knows no kind by name. */
  engine: { values: ['records', 'process', 'database', 'state'], types: ['config'] },
  tasks: {
    values: ['services', 'folders', 'records', 'borg', 'rclone', 'process', 'database', 'state'],
    types: ['engine', 'config'],
  },
  /** What becomes of a repository, which the jobs tell and nobody else may write: below them. */
  state: { values: [], types: ['database'] },
  agenda: { values: ['database'], types: ['config'] },
  schedules: { values: ['records', 'agenda', 'database', 'services', 'state'], types: ['config'] },
  borg: { values: [], types: ['process'] },
  rclone: { values: [], types: ['process'] },
  process: { values: [], types: [] },
  database: { values: [], types: [] },
  config: { values: [], types: [] },
  shared: { values: [], types: ['config'] },
  setup: { values: ['config', 'database', 'schema', 'main'], types: [] },
} as const satisfies Record<string, { values: readonly string[]; types: readonly string[] }>

const sharedFiles =
  /^server\/(secrets\/|(chore|events|ip-addresses|problems|log|text|taking-turns)\.ts$)|^prisma\/generated\//

/** Folders that are an area each; every other one is a noun. */
const areaOfFolder: readonly (readonly [string, Area])[] = [
  ['jobs/engine/', 'engine'],
  ['jobs/records/', 'records'],
  ['jobs/output/', 'records'],
  ['jobs/tasks/', 'tasks'],
  ['jobs/kinds/', 'tasks'],
  ...(
    [
      'http',
      'schema',
      'system',
      'folders',
      'agenda',
      'schedules',
      'borg',
      'rclone',
      'process',
      'database',
      'setup',
    ] as const
  ).map((folder) => [`${folder}/`, folder] as const),
]

/** The areas of the files that lie in no folder. */
const areaOfFile = new Map<string, Area>([
  ['main.ts', 'main'],
  ['server.ts', 'main'],
  ['sealed.ts', 'main'],
  ['app.ts', 'app'],
  ['config.ts', 'config'],
])

/** The area that a file of the server belongs to; undefined for what is no part of the server. */
export const areaOf = (path: string): Area | undefined => {
  if (sharedFiles.test(path)) return 'shared'
  if (path === 'server/repositories/state.ts') return 'state'
  const [, within] = /^server\/(.+)$/.exec(path) ?? []
  if (within === undefined) return
  if (!within.includes('/')) return areaOfFile.get(within)
  if (/(^|[/-])graphql(\.ts$|\/)/.test(within) && !within.startsWith('http/')) return 'graphql'
  return areaOfFolder.find(([folder]) => within.startsWith(folder))?.[1] ?? 'services'
}

/** What a file of the server imports against the direction, in words. */
export const wrongDirections = (file: SourceFile): readonly string[] =>
  importsOf(file).flatMap((imported) => {
    const isWithin = imported.target.startsWith('server/') || imported.target.startsWith('web/')
    if (!isWithin || isAllowed(file.path, imported)) return []
    const from = areaOf(file.path)
    const kind = imported.isType ? 'types' : 'values'
    return [
      `${file.path} imports ${kind} of ${imported.target}: ${from} may not import ${areaOf(imported.target) ?? 'that'}`,
    ]
  })

const isAllowed = (path: string, { target, isType }: Import) => {
  const from = areaOf(path)
  const to = areaOf(target)
  if (from === undefined || to === undefined) return false
  if (from === to || to === 'shared' || (to === 'app' && isType)) return true
  const { values, types } = direction[from]
  const allowed: readonly string[] = isType ? [...values, ...types] : values
  return allowed.includes(to)
}

/** The nouns that import each other's values in a circle: each circle as `a → b → a`. */
export const circles = (files: readonly SourceFile[]): readonly string[] => {
  const nounOf = (path: string) => {
    const area = areaOf(path)
    const isNoun = area === 'services' || area === 'graphql' || area === 'records' || area === 'schedules'
    return isNoun ? path.split('/')[1] : undefined
  }
  const edges = new Map<string, Set<string>>()
  for (const file of files) {
    const from = nounOf(file.path)
    if (from === undefined) continue
    for (const { target, isType } of importsOf(file)) {
      const to = nounOf(target)
      if (to !== undefined && to !== from && !isType) edges.set(from, (edges.get(from) ?? new Set()).add(to))
    }
  }
  const found = new Set<string>()
  const follow = (path: readonly string[]) => {
    for (const next of edges.get(path.at(-1) ?? '') ?? []) {
      if (next === path[0]) found.add([...path, next].join(' → '))
      else if (!path.includes(next)) follow([...path, next])
    }
  }
  for (const noun of edges.keys()) follow([noun])
  return [...found]
}
