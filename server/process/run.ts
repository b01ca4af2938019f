import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import type { Command } from './command.ts'
import { createLineSplitter } from './lines.ts'

/** What a running program does: it writes, or it ends. The last event is always `exit`. */
export type RunEvent<Event> =
  | { readonly type: 'events'; readonly events: readonly Event[] }
  | { readonly type: 'output'; readonly data: Buffer }
  | Exit

export interface Exit {
  readonly type: 'exit'
  /** Null where a signal ended it, or where it could not be started. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** Why the program could not be started: `missing` where there is none of that name. */
  readonly startFailure: 'missing' | 'refused' | null
}

export interface RunOptions {
  /**
   * Ends the program when it aborts: SIGINT to its process group, after half of `killAfter` SIGTERM, because borg does
   * not heed one SIGINT while it waits for a lock, and SIGKILL at last.
   */
  readonly signal?: AbortSignal
  /** Milliseconds that the program has to write what it must and leave, after SIGINT. */
  readonly killAfter?: number
  /** The environment that the program starts from; nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>
}

/** Sends a signal to a whole process group; false where no process of it is left. */
export const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** Reads a source to its end for nobody. */
const drain = async (source: AsyncIterator<unknown, void>) => {
  try {
    while (!(await source.next()).done);
  } catch {
    // Whoever wanted to know has left.
  }
}

/**
 * Yields from all sources as they come, each read only as fast as the reader takes. When the reader leaves, they are
 * still read to their ends, so that a program that is told to end is not held up by what it wants to say.
 */
async function* merge<T>(...sources: AsyncIterator<T, void>[]): AsyncGenerator<T, void, void> {
  const open = new Set(sources)
  const arrived: { source: AsyncIterator<T, void>; result: Promise<IteratorResult<T, void>> }[] = []
  let wake = () => {}
  // Not `Promise.race`: it would leave something behind on the silent source each time that the other one speaks.
  const ask = (source: AsyncIterator<T, void>) => {
    const result = source.next()
    const arrive = () => {
      arrived.push({ source, result })
      wake()
    }
    result.then(arrive, arrive)
  }
  try {
    for (const source of sources) ask(source)
    while (open.size > 0) {
      const next = arrived.shift()
      if (next === undefined) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
        continue
      }
      const result = await next.result
      if (result.done) {
        open.delete(next.source)
      } else {
        ask(next.source)
        yield result.value
      }
    }
  } finally {
    for (const source of open) drain(source)
  }
}

/** Bytes; what comes in larger pieces is read as fast as it can be. */
const smallChunk = 48 * 1024

/** Milliseconds that lines are let gather: few when they come one by one, more when they come by the hundred. */
const gatherTime = (lines: number) => (lines >= 20 ? 40 : 15)

/**
 * Borg flushes each line, and to be woken for each costs more than the line: after a small chunk, what comes next is left
 * where it is for a moment.
 */
async function* parseLines<Event>(
  stream: AsyncIterable<Buffer>,
  parse: (line: string) => Event,
): AsyncGenerator<RunEvent<Event>, void, void> {
  const splitter = createLineSplitter()
  for await (const chunk of stream) {
    const lines = splitter.push(chunk)
    if (lines.length > 0) yield { type: 'events', events: lines.map(parse) }
    if (chunk.length < smallChunk) await delay(gatherTime(lines.length))
  }
  const last = splitter.end()
  if (last.length > 0) yield { type: 'events', events: last.map(parse) }
}

async function* passOn<Event>(stream: AsyncIterable<Buffer>): AsyncGenerator<RunEvent<Event>, void, void> {
  for await (const data of stream) yield { type: 'output', data }
}

/** Has streams that `create` makes take no more than was asked of them, so that what is not read waits with its writer. */
const withoutReadingAhead = <T>(create: () => T): T => {
  const usual = getDefaultHighWaterMark(false)
  setDefaultHighWaterMark(false, 0)
  try {
    return create()
  } finally {
    setDefaultHighWaterMark(false, usual)
  }
}

/**
 * Starts a program and yields what it does; the only place that starts one. It gets a process group of its own, a small
 * environment, and its secrets through file descriptors. Standard error is parsed line by line, standard output comes as
 * it is. A reader that stops reading, or an error in it, ends the program; a slow reader slows it down.
 * Throws `LineTooLong`; a program that cannot be started is an `exit` event.
 */
export async function* run<Event>(
  command: Command<Event>,
  { signal, killAfter = 20_000, environment }: RunOptions,
): AsyncGenerator<RunEvent<Event>, void, void> {
  const secrets = Object.entries(command.secrets ?? {})
  const child = withoutReadingAhead(() =>
    execa(command.program, command.args, {
      stdio: [
        command.input ? Buffer.from(command.input.reveal()) : 'ignore',
        'pipe',
        'pipe',
        ...secrets.map(([, secret]) => Buffer.from(secret.reveal())),
      ],
      env: {
        ...environment,
        ...command.environment,
        ...Object.fromEntries(secrets.map(([name], index) => [name, String(3 + index)])),
      },
      extendEnv: false,
      cwd: command.workingFolder,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      encoding: 'buffer',
    }),
  )
  const { pid } = child
  const timers: NodeJS.Timeout[] = []
  const end = () => {
    if (pid === undefined) return
    signalGroup(pid, 'SIGINT')
    timers.push(
      setTimeout(() => signalGroup(pid, 'SIGTERM'), killAfter / 2),
      setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfter),
    )
  }
  if (signal?.aborted) end()
  else signal?.addEventListener('abort', end, { once: true })
  let isOver = false
  try {
    if (pid !== undefined && child.stderr && child.stdout) {
      yield* merge<RunEvent<Event>>(parseLines(child.stderr, command.parse), passOn(child.stdout))
    }
    const result = await child
    isOver = true
    yield {
      type: 'exit',
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      startFailure: pid !== undefined ? null : result.code === 'ENOENT' ? 'missing' : 'refused',
    }
  } finally {
    signal?.removeEventListener('abort', end)
    if (pid !== undefined) {
      if (!isOver && !signal?.aborted) end()
      if (!isOver) await child
      for (const timer of timers) clearTimeout(timer)
      signalGroup(pid, 'SIGKILL')
    }
  }
}
