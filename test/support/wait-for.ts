/**
 * The first event for which `condition` holds; stops watching then. Throws with the last event that it saw where the
 * events end or `within` milliseconds pass before that.
 */
export const waitFor = async <Event>(
  events: AsyncIterable<Event>,
  condition: (event: Event) => boolean,
  within = 120_000,
): Promise<Event> => {
  const iterator = events[Symbol.asyncIterator]()
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  let last: Event | undefined
  const failure = (what: string) => new Error(`${what}; the last event was ${JSON.stringify(last)}`)
  const timer = setTimeout(() => reject(failure(`Waited for ${within} ms`)), within)
  try {
    while (true) {
      const { done, value } = await Promise.race([iterator.next(), tooLate])
      if (done) throw failure('The events ended')
      if (condition(value)) return value
      last = value
    }
  } finally {
    clearTimeout(timer)
    // Not awaited: an iterator that waits for its next event may only return after that.
    Promise.resolve(iterator.return?.()).catch(() => {})
  }
}
