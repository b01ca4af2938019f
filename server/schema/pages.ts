import type { Context } from './context.ts'
import { apiError } from './errors.ts'
import { type Model, type OrderBy, type Row, rowsOfModel, type Where } from './models.ts'

/** The arguments of a page of a connection. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** Lists go by the ids of their rows: this is how the Prisma plugin writes the cursor of one. */
const cursorPattern = /^GPC:S:(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** The id of the row that a cursor stands for; null for what no list can have given. */
const idOf = (cursor: string): string | null => {
  const text = Buffer.from(cursor, 'base64').toString()
  // What is no base64 is passed over in reading it.
  return Buffer.from(text).toString('base64') === cursor ? (cursorPattern.exec(text)?.groups?.id ?? null) : null
}

const pairs = [
  ['first', 'last'],
  ['after', 'before'],
  ['first', 'before'],
  ['last', 'after'],
] as const

/**
 * Refuses what asks for no page: sizes below zero, arguments of both directions at once, and a cursor that no list can have
 * given, at which the records would fail as at a fault of the server's. Throws a `GraphQLError` that people may see.
 */
export const assertPage = (page: PageArguments): void => {
  const isGiven = (name: keyof PageArguments) => page[name] !== undefined && page[name] !== null
  for (const [one, other] of pairs) {
    if (isGiven(one) && isGiven(other)) {
      throw apiError(
        'BAD_PAGE',
        `A page takes “${one}” or “${other}”, not both: first with after, or last with before.`,
      )
    }
  }
  for (const name of ['first', 'last'] as const) {
    if (Number(page[name] ?? 0) < 0) throw apiError('BAD_PAGE', `“${name}” must be 0 or more.`)
  }
  for (const cursor of [page.after, page.before]) {
    if (typeof cursor === 'string' && idOf(cursor) === null) {
      throw apiError('BAD_CURSOR', 'A cursor is one that a list has given.')
    }
  }
}

/**
 * Refuses the cursor of a row that is gone: nobody can tell its place in the list, and the records would answer with an
 * empty page, as if that were the end. Asks nothing where there is no cursor. Throws a `GraphQLError` that people may see.
 */
const assertCursorExists = async (name: Model, { db }: Context, { after, before }: PageArguments): Promise<void> => {
  const cursor = after ?? before
  if (cursor === null || cursor === undefined) return
  const row = await rowsOfModel(db, name).findUnique({ where: { id: idOf(cursor) ?? '' }, select: { id: true } })
  if (row === null) {
    throw apiError('BAD_CURSOR', 'What this cursor stands for is not there any more: begin the list anew.')
  }
}

/** Which rows are in a list, and in what order. */
interface List<Name extends Model> {
  readonly where: Where<Name>
  readonly orderBy: OrderBy<Name> | OrderBy<Name>[]
}

/**
 * How the pages of a list of rows are read and counted: for the options of `t.prismaConnection`, beside what is the list’s
 * own. `listOf` says what is in the list of a parent, for the field’s arguments and who asks.
 */
export const pagesOf = <Name extends Model, Parent = object, Args extends object = object>(
  name: Name,
  listOf: (parent: Parent, args: Args, context: Context) => List<Name>,
) => ({
  type: name,
  cursor: 'id' as const,
  totalCount: (parent: NoInfer<Parent>, args: NoInfer<Args>, context: Context) =>
    rowsOfModel(context.db, name).count({ where: listOf(parent, args, context).where }),
  resolve: async (
    query: object,
    parent: NoInfer<Parent>,
    args: NoInfer<Args> & PageArguments,
    context: Context,
  ): Promise<Row<Name>[]> => {
    await assertCursorExists(name, context, args)
    return rowsOfModel(context.db, name).findMany({ ...query, ...listOf(parent, args, context) })
  },
})
