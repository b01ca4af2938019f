import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ApiClient } from '../support/api-client.ts'
import type { Bench } from './bench.ts'

/** What one subscriber got of the output that it followed. */
export interface Followed {
  readonly received: number
  /** Lines that were not the next one. */
  readonly wrong: number
  /** Milliseconds from printing to receiving, of each line that says when it was printed. */
  readonly latencies: Float64Array
  /** How often its connection was cut on its way. */
  readonly drops: number
}

export type SubscriberMessage =
  | { type: 'begun' }
  | { type: 'ended'; followed: readonly Followed[] }
  | { type: 'failed'; why: string }

export interface Subscribers {
  /** Resolves when every subscriber follows. */
  readonly begun: Promise<unknown>
  /** What each subscriber got, when all that it follows has ended. */
  readonly ended: Promise<readonly Followed[]>
}

/** Runs a program with subscribers once for each of `argsOf`, in other processes than this one. */
const startPrograms = (bench: Bench, name: string, argsOf: readonly (readonly string[])[]): Subscribers => {
  const program = fileURLToPath(new URL(`programs/${name}`, import.meta.url))
  const started = argsOf.map((args) => {
    const child = fork(program, args, { serialization: 'advanced' })
    bench.defer(() => void child.kill('SIGKILL'))
    const begun = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<readonly Followed[]>()
    const fail = (why: string) => {
      const error = new Error(`a process with subscribers ${why}`)
      begun.reject(error)
      ended.reject(error)
    }
    child.on('message', (message: SubscriberMessage) => {
      if (message.type === 'begun') begun.resolve()
      else if (message.type === 'ended') ended.resolve(message.followed)
      else fail(`failed: ${message.why}`)
    })
    const exited = once(child, 'exit')
    // Not only `exit`: a message may still come after that.
    child.on('disconnect', async () => {
      const [status, signal] = await exited
      fail(`ended too early, ${signal === null ? `with status ${status}` : `by ${signal}`}`)
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

/** Follows the output of a task over WebSockets of their own. */
export const followTask = (
  bench: Bench,
  api: ApiClient,
  taskId: string,
  { processes, sockets }: { processes: number; sockets: number },
): Subscribers =>
  startPrograms(
    bench,
    'subscribe.ts',
    Array.from({ length: processes }, () => [api.url, api.cookie(), taskId, String(sockets / processes)]),
  )

/**
 * Follows the output of tasks that print `0`, `1`, `2` … : each of `subscribers` takes some of the tasks, one after the
 * other, over WebSockets that are cut at random moments; then it goes on from the last line that it has.
 */
export const followTasksWithDrops = (
  bench: Bench,
  api: ApiClient,
  taskIds: readonly string[],
  { processes, subscribers }: { processes: number; subscribers: number },
): Subscribers => {
  const shareOf = (place: number) => taskIds.filter((_, index) => index % processes === place)
  const file = (place: number) => {
    const name = join(bench.folder, `tasks of subscribers ${place}`)
    writeFileSync(name, shareOf(place).join('\n'))
    return name
  }
  return startPrograms(
    bench,
    'subscribe-with-drops.ts',
    Array.from({ length: processes }, (_, place) => [
      api.url,
      api.cookie(),
      file(place),
      String(subscribers / processes),
    ]),
  )
}
