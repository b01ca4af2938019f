import { setTimeout as delay } from 'node:timers/promises'
import { isRecordsFault } from '../../database/sqlite-codes.ts'
import type { Log } from '../../log.ts'

/** Does a write of the records, once more each time that they could not take it. What it does must be right to do again. */
export type Persist = <T>(write: () => Promise<T>) => Promise<T>

/**
 * Keeps what a job has come to from being lost, or from ending it, because the records cannot be written for a while: with
 * a full disk, or a lock that another program holds. Whoever writes waits, and so slows down what it writes of.
 */
export interface Persistence {
  /**
   * Tries until the records take it. Throws what trying again does not help against: what `isWorthwhile` does not accept,
   * and everything once the server stops. The log names `about` where it takes more than once.
   */
  for(about: Readonly<Record<string, string>>, isWorthwhile?: (error: unknown) => boolean): Persist
  /** Has what waits try once more, and everything from now on once only. */
  stop(): void
}

/** Milliseconds between two tries: the first ones, and the most. */
const [firstPause, longestPause] = [250, 5_000]

export const createPersistence = ({ log }: { log: Log }): Persistence => {
  const stopping = new AbortController()
  const { signal } = stopping

  return {
    for(about, isWorthwhile = isRecordsFault) {
      return async (write) => {
        let failures = 0
        while (!signal.aborted) {
          try {
            const result = await write()
            if (failures > 0) log.info({ ...about, failures }, 'the records can be written again')
            return result
          } catch (error) {
            if (!isWorthwhile(error)) throw error
            if (failures === 0) log.error({ ...about, err: error }, 'the records cannot be written; trying again')
            failures += 1
          }
          const pause = Math.min(firstPause * 2 ** (failures - 1), longestPause)
          await delay(pause, undefined, { signal }).catch(() => {})
        }
        return write()
      }
    },
    stop: () => stopping.abort(),
  }
}
