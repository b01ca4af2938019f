import { GraphQLError } from 'graphql'

/** Lists go by ids, which are texts: this is how the Prisma plugin begins the cursor of one. */
const beginning = 'GPC:S:'

/**
 * Refuses a cursor that no list can have given: the records would fail at a date or a number in the place of an id, and
 * nobody could tell that from a fault of the server's. Throws a `GraphQLError` that people may see.
 */
export const assertCursors = ({ after, before }: Readonly<Record<string, unknown>>): void => {
  for (const cursor of [after, before]) {
    if (typeof cursor !== 'string' || Buffer.from(cursor, 'base64').toString().startsWith(beginning)) continue
    throw new GraphQLError('A cursor is one that a list has given.', { extensions: { code: 'BAD_CURSOR' } })
  }
}
