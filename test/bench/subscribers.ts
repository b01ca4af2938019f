import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ApiClient } from '../support/api-client.ts'
import type { Bench } from './bench.ts'

const program = fileURLToPath(new URL('programs/subscribe.ts', import.meta.url))

/** What one WebSocket got of a task's output. */
export interface Followed {
  readonly received: number
  /** Lines that were not the next one. */
  readonly wrong: number
  /** Milliseconds from printing to receiving, of each line. */
  readonly latencies: Float64Array
}

export type SubscriberMessage = { type: 'begun' } | { type: 'ended'; followed: readonly Followed[] }

export interface Subscribers {
  /** Resolves when every WebSocket has the first line. */
  readonly begun: Promise<unknown>
  /** What each WebSocket got, when the task has ended. */
  readonly ended: Promise<readonly Followed[]>
}

/** Follows the output of a task over WebSockets of their own, in other processes than this one. */
export const followTask = (
  bench: Bench,
  api: ApiClient,
  taskId: string,
  { processes, sockets }: { processes: number; sockets: number },
): Subscribers => {
  const started = Array.from({ length: processes }, () => {
    const args = [api.url, api.cookie(), taskId, String(sockets / processes)]
    const child = fork(program, args, { serialization: 'advanced' })
    bench.defer(() => void child.kill('SIGKILL'))
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<readonly Followed[]>()
    child.on('message', (message: SubscriberMessage) => {
      if (message.type === 'begun') begun.resolve()
      else ended.resolve(message.followed)
    })
    // Not `exit`: a message may still come after that.
    child.on('disconnect', () => {
      const error = new Error('a process with subscribers ended too early')
      begun.reject(error)
      ended.reject(error)
    })
    return { begun: begun.promise, ended: ended.promise }
  })
  const begun = Promise.all(started.map((process) => process.begun))
  const ended = Promise.all(started.map((process) => process.ended)).then((all) => all.flat())
  // Nobody has to wait for both, and nothing else may happen to the one that nobody waits for.
  begun.catch(() => {})
  ended.catch(() => {})
  return { begun, ended }
}
