import { GraphQLError } from 'graphql'

/** Refuses to watch what does not exist. Throws a `GraphQLError` that people may see. */
export const assertExists = (row: unknown, what: string): void => {
  if (row === null) throw new GraphQLError(`There is no ${what} with this id.`, { extensions: { code: 'NOT_FOUND' } })
}

/** Yields `first` and then all that `source` yields; `return()` reaches the source at once. */
export const startingWith = <T>(
  first: T,
  source: AsyncIterableIterator<T, void, void>,
): AsyncIterableIterator<T, void, void> => {
  let isFirst = true
  return {
    async next() {
      if (!isFirst) return source.next()
      isFirst = false
      return { done: false, value: first }
    },
    async return() {
      isFirst = false
      await source.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
