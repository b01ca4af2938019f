import { GraphQLError } from 'graphql'
import type { Announcement } from '../events.ts'

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

/** The rows that were read for an announcement, by what was asked of them. */
const reads = new WeakMap<Announcement, Map<string, Promise<unknown>>>()

/** One reading for an announcement serves all who ask the same of the row; a failure is a value, as `rowsOf` says. */
const readOnce = <Row>(
  announcement: Announcement,
  query: object,
  load: (id: string) => Promise<Row | null>,
): Promise<Row | Error | null> => {
  const byQuery = reads.get(announcement) ?? new Map<string, Promise<unknown>>()
  reads.set(announcement, byQuery)
  const key = JSON.stringify(query)
  const read = byQuery.get(key) ?? load(announcement.id).catch((error: Error) => error)
  byQuery.set(key, read)
  return read as Promise<Row | Error | null>
}

/**
 * Yields the row of each id that is announced, as `load` reads it for a `query` of Prisma’s: the same object for all who
 * are told by the same announcement and ask the same. Passes over those that are gone by then: what removes
 * a row announces that itself. A failure of `load` is yielded, not thrown, so that it ends nothing: whoever resolves to it
 * has failed with it. `return()` reaches `ids` at once.
 */
export const rowsOf = <Row>(
  ids: AsyncIterableIterator<Announcement, void, void>,
  query: object,
  load: (id: string) => Promise<Row | null>,
): AsyncIterableIterator<Row | Error, void, void> => ({
  async next() {
    while (true) {
      const announced = await ids.next()
      if (announced.done) return announced
      const row = await readOnce(announced.value, query, load)
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
