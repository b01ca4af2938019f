import { EventEmitter } from 'node:events'
import type { Prisma } from '../prisma/generated/client/client.ts'

/** The kinds of announcements: `backupPlan:changed` where a plan was made or changed. */
export type EventName =
  | `${Uncapitalize<Prisma.ModelName>}:${'changed' | 'deleted'}`
  | 'history:changed'
  | 'queue:changed'
  | 'task:output'

/** That something was written: always the id of the row, never the row. All who watch for it are given the same object. */
export interface Announcement {
  readonly name: EventName
  readonly id: string
}

/**
 * Tells those who watch that something was written. A watcher that is slower than the writer misses repetitions,
 * never the last change: of what waits for it there is one announcement of a kind and an id, the last.
 */
export interface Events {
  publish(name: EventName, id: string): void
  /**
   * Yields what is announced of one kind or several, or just what is about the row `only`. It watches when the promise resolves, so a row that is read
   * after that is never older than the first announcement. `return()` ends it at once, also while `next()` is waiting.
   */
  watch(
    names: EventName | readonly EventName[],
    only?: string,
  ): Promise<AsyncIterableIterator<Announcement, void, void>>
}

/** Events within this process. */
export const createEvents = (): Events => {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    publish: (name, id) => {
      emitter.emit(name, { name, id } satisfies Announcement)
    },
    watch: async (names, only) => {
      const watched = [names].flat()
      const waiting = new Map<string, Announcement>()
      let isOver = false
      let wake = () => {}
      const listen = (announcement: Announcement) => {
        if (only !== undefined && announcement.id !== only) return
        waiting.set(`${announcement.name} ${announcement.id}`, announcement)
        wake()
      }
      for (const name of watched) emitter.on(name, listen)
      const announcements: AsyncIterableIterator<Announcement, void, void> = {
        async next() {
          while (!isOver) {
            const [next] = waiting
            if (next !== undefined) {
              waiting.delete(next[0])
              return { done: false, value: next[1] }
            }
            const { promise, resolve } = Promise.withResolvers<void>()
            wake = resolve
            await promise
          }
          return { done: true, value: undefined }
        },
        async return() {
          isOver = true
          for (const name of watched) emitter.off(name, listen)
          wake()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]: () => announcements,
      }
      return announcements
    },
  }
}
