import { getDatamodel } from '../../prisma/generated/pothos.ts'
import type { Database } from './client.ts'
import { portionsOf } from './portions.ts'

/** Keys that one statement looks for. */
const portion = 500

type Row = Record<string, unknown>
type Selection = Readonly<Record<string, unknown>>

/** What is read of a model, in terms of Prisma's `findMany`. */
interface RowQuery {
  readonly where: object
  readonly orderBy?: object
  readonly select: Selection
}

/** A relation that is read by itself: rows of `model` whose column `to` is what the column `from` of its owner is. */
interface Relation {
  readonly name: string
  readonly model: string
  readonly from: string
  readonly to: string
  readonly isList: boolean
  readonly orderBy?: object
  readonly select: Selection
}

const { models } = getDatamodel().datamodel

/** The columns that a relation goes by, where that is one at each end: keys of others are ids here. */
const columnsOf = (model: string, name: string): Pick<Relation, 'model' | 'from' | 'to' | 'isList'> | null => {
  const field = models[model]?.fields.find((field) => field.name === name)
  if (field?.kind !== 'object') return null
  const { type, isList, relationName, relationFromFields = [] } = field
  if (relationFromFields.length > 0) return { model: type, from: String(relationFromFields[0]), to: 'id', isList }
  const keys = models[type]?.fields.find(
    (other) => other.relationName === relationName && other.relationFromFields?.length === 1,
  )
  return keys ? { model: type, from: 'id', to: String(keys.relationFromFields?.[0]), isList } : null
}

/** A relation with conditions or pages of its own is left to Prisma. */
const relationOf = (model: string, name: string, part: unknown): Relation[] => {
  if (typeof part !== 'object' || part === null) return []
  const { select, orderBy, ...others } = part as { select?: Selection; orderBy?: object }
  const columns = columnsOf(model, name)
  if (select === undefined || columns === null || Object.keys(others).length > 0) return []
  return [{ name, ...columns, select, ...(orderBy && { orderBy }) }]
}

/** Puts the rows of a relation into those that own them. */
const addRelated = async (db: Database, rows: readonly Row[], relation: Relation) => {
  const { name, model, from, to, isList, select, orderBy } = relation
  const keys = new Set(rows.map((row) => row[from]).filter((key) => key !== null))
  const related = new Map<unknown, Row[]>([...keys].map((key) => [key, []]))
  for (const some of portionsOf([...keys], portion)) {
    const query = { where: { [to]: { in: some } }, ...(orderBy && { orderBy }), select: { ...select, [to]: true } }
    for (const row of await readRows(db, model, query)) related.get(row[to])?.push(row)
  }
  for (const row of rows) {
    const found = related.get(row[from]) ?? []
    row[name] = isList ? found : (found[0] ?? null)
  }
}

/**
 * The rows of an answer of Prisma's, which itself is left empty. V8 makes a hidden class for each promise of Prisma's, as
 * each has an accessor of its own, and a class is there until the next full collection: so are the promise, and what it
 * has answered.
 */
export const takeOut = <Row>(rows: Row[]): Row[] => rows.splice(0)

/**
 * Reads rows of a model with what is related to them, as Prisma's `findMany` would, with a query of its own for each
 * relation. Prisma's interpreter does as much, but keeps the rows in an object that is the prototype of another, which V8
 * frees in full collections only: each page of 50 jobs left 800 kB. Rows come with the keys that they were found by.
 */
export const readRows = async (db: Database, model: string, { select, ...query }: RowQuery): Promise<Row[]> => {
  const relations = Object.entries(select).flatMap(([name, part]) => relationOf(model, name, part))
  const columns = { ...select, ...Object.fromEntries(relations.map(({ from }) => [from, true])) }
  for (const { name } of relations) delete columns[name]
  const table = Reflect.get(db, `${model.charAt(0).toLowerCase()}${model.slice(1)}`) as {
    findMany(query: RowQuery): Promise<Row[]>
  }
  const rows = takeOut(await table.findMany({ ...query, select: columns }))
  await Promise.all(relations.map((relation) => addRelated(db, rows, relation)))
  return rows
}
