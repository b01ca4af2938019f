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

/**
 * Yields the row of each id that `ids` yields, as `load` reads it. Passes over those that are gone by then: what removes
 * a row announces that itself. A failure of `load` is yielded, not thrown, so that it ends nothing: whoever resolves to it
 * has failed with it. `return()` reaches `ids` at once.
 */
export const rowsOf = <Row>(
  ids: AsyncIterableIterator<string, void, void>,
  load: (id: string) => Promise<Row | null>,
): AsyncIterableIterator<Row | Error, void, void> => ({
  async next() {
    while (true) {
      const announced = await ids.next()
      if (announced.done) return announced
      const row = await load(announced.value).catch((error: Error) => error)
      if (row !== null) return { done: false, value: row }
    }
  },
  async return() {
    await ids.return?.()
    return { done: true, value: undefined }
  },
  [Symbol.asyncIterator]() {
    return this
  },
})
