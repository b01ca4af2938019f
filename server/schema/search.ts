import { GraphQLError } from 'graphql'

/** Characters of a text that is looked for in names and paths. */
const longestSearch = 1000

/**
 * The condition that a text is somewhere in a column, as it stands: `%`, `_` and `\` mean themselves. Throws a
 * `GraphQLError` that people may see.
 */
export const containing = (search: string): { contains: string } => {
  if (search.length > longestSearch || !search.isWellFormed() || search.includes('\0')) {
    throw new GraphQLError(`What is searched for is a text of up to ${longestSearch} characters.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  return { contains: search.replace(/[\\%_]/g, '\\$&') }
}
