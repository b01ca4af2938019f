import { EventEmitter } from 'node:events'

/** What is announced: always the id of a row that was written, never the row. */
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

/**
 * Tells those who watch that something was written. A watcher that is slower than the writer misses repetitions,
 * never the last change: what waits for it is a set of ids, which does not grow with the number of announcements.
 */
export interface Events {
  publish(name: EventName, id: string): void
  /**
   * Yields ids as they are announced, or just `only`. Watching begins with this call, so a row that is read after it
   * is never older than the first announcement. `return()` ends it at once, also while `next()` is waiting.
   */
  watch(name: EventName, only?: string): AsyncIterableIterator<string, void, void>
}

/** Events within this process. */
export const createEvents = (): Events => {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    publish: (name, id) => {
      emitter.emit(name, id)
    },
    watch: (name, only) => {
      const waiting = new Set<string>()
      let isOver = false
      let wake = () => {}
      const listen = (id: string) => {
        if (only !== undefined && id !== only) return
        waiting.add(id)
        wake()
      }
      emitter.on(name, listen)
      return {
        async next() {
          while (!isOver) {
            const [id] = waiting
            if (id !== undefined) {
              waiting.delete(id)
              return { done: false, value: id }
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
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}
