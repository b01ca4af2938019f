import type { JobsQueryOptions, JobsSort, RemoveJobsOptions } from 'agenda'
import { Prisma } from '../../../prisma/generated/client/client.ts'

/** What a column is compared with or set to. */
export type Value = string | number | boolean | Date | null

/** A value as the JSON columns hold it: what Agenda leaves undefined is null. */
export const toJson = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value)

/** An SQL identifier. Only for names that are written in this program: it is not escaped. */
export const column = (name: string): Prisma.Sql => Prisma.raw(`"${name}"`)

const plainColumns = new Set([
  'name',
  'priority',
  'nextRunAt',
  'disabled',
  'lockedAt',
  'lastModifiedBy',
  'lastRunAt',
  'lastFinishedAt',
  'progress',
  'failedAt',
  'failCount',
  'failReason',
  'repeatInterval',
  'repeatTimezone',
  'repeatAt',
  'startDate',
  'endDate',
  'fork',
  'debounceStartedAt',
])

const jsonColumns = new Set(['data', 'skipDays'])

const isValue = (value: unknown): value is Value =>
  value === null || value instanceof Date || ['string', 'number', 'boolean'].includes(typeof value)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const pathIs = (path: readonly string[], value: unknown): Prisma.Sql => {
  const jsonPath = `$${path.map((key) => `.${JSON.stringify(key)}`).join('')}`
  return Prisma.sql`COALESCE("data" -> ${jsonPath}, 'null') = ${toJson(value) ?? 'null'}`
}

const objectContains = (value: Record<string, unknown>, path: readonly string[] = []): readonly Prisma.Sql[] =>
  Object.entries(value).flatMap(([key, part]) =>
    isObject(part) ? objectContains(part, [...path, key]) : [pathIs([...path, key], part)],
  )

/** An object asks for entries whose data has these properties, anything else for entries whose data is exactly this. */
const dataMatches = (data: unknown): readonly Prisma.Sql[] => {
  if (data === undefined) return []
  const value: unknown = JSON.parse(JSON.stringify(data))
  return isObject(value) ? objectContains(value) : [Prisma.sql`COALESCE("data", 'null') = ${toJson(value) ?? 'null'}`]
}

const fieldIs = (field: string, value: unknown): Prisma.Sql => {
  if (field.startsWith('data.')) return pathIs(field.slice('data.'.length).split('.'), value)
  if (jsonColumns.has(field)) return Prisma.sql`${column(field)} IS ${toJson(value)}`
  if (field === 'type') return value === 'single' ? Prisma.sql`"singleName" NOT NULL` : Prisma.sql`"singleName" IS NULL`
  const comparable = value ?? null
  if (!plainColumns.has(field) || !isValue(comparable)) {
    throw new Error(`An entry of the queue cannot be unique by "${field}".`)
  }
  return Prisma.sql`${column(field)} IS ${comparable}`
}

const isOneOf = (name: string, values: readonly string[]): Prisma.Sql =>
  Prisma.sql`${column(name)} IN (SELECT "value" FROM json_each(${JSON.stringify(values)}))`

/** The entries that `unique` calls the same as one of this name. Throws where it names what is no field of an entry. */
export const isSame = (name: string, unique: Record<string, unknown>): Prisma.Sql =>
  Prisma.join(
    [Prisma.sql`"name" = ${name}`, ...Object.entries(unique).map(([field, value]) => fieldIs(field, value))],
    ' AND ',
  )

export const hasId = (ids: readonly string[]): Prisma.Sql => isOneOf('id', ids)

const filterParts = ({ id, ids = [], name, names = [], notNames = [], data }: RemoveJobsOptions): Prisma.Sql[] => {
  const parts: Prisma.Sql[] = []
  if (id) parts.push(Prisma.sql`"id" = ${String(id)}`)
  else if (ids.length > 0) parts.push(hasId(ids.map(String)))
  if (name) parts.push(Prisma.sql`"name" = ${name}`)
  else if (names.length > 0) parts.push(isOneOf('name', names))
  else if (notNames.length > 0) parts.push(Prisma.sql`NOT ${isOneOf('name', notNames)}`)
  return [...parts, ...dataMatches(data)]
}

/** The entries that are asked for, or null where nothing is: then none are meant, not all. */
export const isWanted = (options: RemoveJobsOptions): Prisma.Sql | null => {
  const parts = filterParts(options)
  return parts.length > 0 ? Prisma.join(parts, ' AND ') : null
}

/** The state that Agenda computes for an entry (`computeJobState`), as an SQL expression. */
export const stateAt = (now: Date): Prisma.Sql => Prisma.sql`CASE
  WHEN "lockedAt" IS NOT NULL THEN 'running'
  WHEN "failedAt" IS NOT NULL AND ("lastFinishedAt" IS NULL OR "failedAt" >= "lastFinishedAt") THEN 'failed'
  WHEN "repeatInterval" IS NOT NULL THEN 'repeating'
  WHEN "nextRunAt" > ${now} THEN 'scheduled'
  WHEN "nextRunAt" IS NOT NULL THEN 'queued'
  ELSE 'completed' END`

/** The entries that a query asks for: all of them where it asks for nothing. */
export const isQueried = (options: JobsQueryOptions, now: Date): Prisma.Sql => {
  const { search, state, includeDisabled = true } = options
  const parts = filterParts(options)
  if (search) parts.push(Prisma.sql`instr(lower("name"), lower(${search})) > 0`)
  if (!includeDisabled) parts.push(Prisma.sql`NOT "disabled"`)
  if (state === 'paused') parts.push(Prisma.sql`"disabled"`)
  else if (state) parts.push(Prisma.sql`${stateAt(now)} = ${state}`)
  return parts.length > 0 ? Prisma.join(parts, ' AND ') : Prisma.sql`TRUE`
}

const sortColumns = ['nextRunAt', 'lastRunAt', 'lastFinishedAt', 'priority', 'name', 'data'] as const

/** An order for `ORDER BY` in which two entries never tie; entries without a value come last. */
export const orderBy = (sort: JobsSort = {}): Prisma.Sql => {
  const asked = sortColumns.filter((name) => sort[name] !== undefined)
  const order: JobsSort = asked.length > 0 ? sort : { nextRunAt: 'desc', lastRunAt: 'desc' }
  return Prisma.join([
    ...sortColumns
      .filter((name) => order[name] !== undefined)
      .map((name) => Prisma.sql`${column(name)} ${Prisma.raw(order[name] === 'asc' ? 'ASC' : 'DESC')} NULLS LAST`),
    Prisma.sql`"id" ASC`,
  ])
}
