import type { Log } from '../log.ts'

/**
 * Writes down that something was used, one write at a time for an id. Nobody waits for it: who only reads is neither held up
 * by a lock on the records, nor refused because their disk is full.
 */
export const createUseNotes = (log: Log) => {
  const noting = new Set<string>()
  return (what: 'a session' | 'an API token', id: string, write: () => PromiseLike<unknown>): void => {
    if (noting.has(id)) return
    noting.add(id)
    Promise.resolve(write())
      .catch((error: unknown) => log.warn({ err: error }, `the use of ${what} cannot be written down`))
      .finally(() => noting.delete(id))
  }
}

export type UseNotes = ReturnType<typeof createUseNotes>
