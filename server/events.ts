import { EventEmitter } from 'node:events'

/** The kinds of announcements. */
export type EventName =
  | 'history:changed'
  | 'job:changed'
  | 'plan:changed'
  | 'plan:deleted'
  | 'queue:changed'
  | 'repository:changed'
  | 'repository:deleted'
  | 'schedule:changed'
  | 'schedule:deleted'
  | 'task:output'

/** That something was written: always the id of the row, never the row. All who watch for it are given the same object. */
export interface Announcement {
  readonly id: string
}

/**
 * Tells those who watch that something was written. A watcher that is slower than the writer misses repetitions,
 * never the last change: of what waits for it there is one announcement an id, the last.
 */
export interface Events {
  publish(name: EventName, id: string): void
  /**
   * Yields what is announced, or just what is about the row `only`. It watches when the promise resolves, so a row that is read
   * after that is never older than the first announcement. `return()` ends it at once, also while `next()` is waiting.
   */
  watch(name: EventName, only?: string): Promise<AsyncIterableIterator<Announcement, void, void>>
}

/** Events within this process. */
export const createEvents = (): Events => {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    publish: (name, id) => {
      emitter.emit(name, { id } satisfies Announcement)
    },
    watch: async (name, only) => {
      const waiting = new Map<string, Announcement>()
      let isOver = false
      let wake = () => {}
      const listen = (announcement: Announcement) => {
        if (only !== undefined && announcement.id !== only) return
        waiting.set(announcement.id, announcement)
        wake()
      }
      emitter.on(name, listen)
      const announcements: AsyncIterableIterator<Announcement, void, void> = {
        async next() {
          while (!isOver) {
            const [next] = waiting.values()
            if (next !== undefined) {
              waiting.delete(next.id)
              return { done: false, value: next }
            }
            const { promise, resolve } = Promise.withResolvers<void>()
            wake = resolve
            await promise
          }
          return { done: true, value: undefined }
        },
        async return() {
          isOver = true
          emitter.off(name, listen)
          wake()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]: () => announcements,
      }
      return announcements
    },
  }
}
