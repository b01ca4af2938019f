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
