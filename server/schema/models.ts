import type PrismaTypes from '../../prisma/generated/pothos.ts'
import type { Context } from './context.ts'

/** The models of the records. */
export type Model = keyof PrismaTypes

export type Row<Name extends Model> = PrismaTypes[Name]['Shape']
export type Where<Name extends Model> = PrismaTypes[Name]['Where']
export type OrderBy<Name extends Model> = PrismaTypes[Name]['OrderBy']

/** What can be asked of the rows of a model, whichever it is. */
interface Rows<Name extends Model> {
  count(query: { where: Where<Name> }): Promise<number>
  findUnique(query: { where: { id: string }; select?: object }): Promise<Row<Name> | null>
  findMany(query: { where: Where<Name>; orderBy: OrderBy<Name> | OrderBy<Name>[] }): Promise<Row<Name>[]>
}

/** The name of a model as its rows and its events have it: `backupPlan`. */
export const lowerFirst = <Name extends Model>(name: Name) =>
  (name.charAt(0).toLowerCase() + name.slice(1)) as Uncapitalize<Name>

/** The rows of the model with this name: all have an `id`. */
export const rowsOfModel = <Name extends Model>(db: Context['db'], name: Name): Rows<Name> =>
  db[lowerFirst(name)] as unknown as Rows<Name>
