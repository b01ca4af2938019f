import { getDefaultHighWaterMark, setDefaultHighWaterMark } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import type { Command } from './command.ts'
import { killGroup, signalGroup } from './groups.ts'
import { readUntilLeft } from './left-behind.ts'
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
  /** The process ids of what not even SIGKILL has ended: it still runs, and ends once what it waits for has answered. */
  readonly leftRunning: readonly number[]
}

export interface RunOptions {
  /**
   * Ends the program when it aborts: SIGINT to its process group, after half of `killAfter` SIGTERM, because borg does
   * not heed one SIGINT while it waits for a lock, and SIGKILL at last. What is still there five seconds after that is
   * not waited for.
   */
  readonly signal?: AbortSignal
  /** Milliseconds that the program has to write what it must and leave, after SIGINT. */
  readonly killAfter?: number
  /** The environment that the program starts from; nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>
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

/** Milliseconds that what a program has started and left behind in its process group may go on for, to end in order. */
const leftBehindTimeout = 2_000

/** Milliseconds that a process has to be gone after SIGKILL: the system has to give its memory back first. */
const killTimeout = 5_000

/** The shortest and the longest time between two reads of standard error, in milliseconds. */
const [shortestInterval, longestInterval] = [2, 25]

/** Lines to be read at once: half of what the system holds until they are read, so that borg need not wait for us. */
const linesAtOnce = 85

/**
 * Milliseconds until standard error is read again, after `lines` came in `interval`: borg flushes each, and to wake up for
 * each costs it and us more than the line.
 */
const nextInterval = (lines: number, interval: number): number =>
  Math.min(Math.max(Math.floor((interval * linesAtOnce) / lines), shortestInterval), longestInterval)

/** Has the streams that `create` makes read nothing that was not asked for: it stays with the system until then. */
const withoutReadingAhead = <T>(create: () => T): T => {
  const usual = getDefaultHighWaterMark(false)
  setDefaultHighWaterMark(false, 0)
  try {
    return create()
  } finally {
    setDefaultHighWaterMark(false, usual)
  }
}

/** `left` says that the program has ended, and nothing more is to be waited for. */
async function* parseLines<Event>(
  stream: AsyncIterable<Buffer>,
  parse: (line: string) => Event,
  left: AbortSignal,
): AsyncGenerator<RunEvent<Event>, void, void> {
  const splitter = createLineSplitter()
  let interval = longestInterval
  for await (const chunk of stream) {
    const lines = splitter.push(chunk)
    if (lines.length > 0) yield { type: 'events', events: lines.map(parse) }
    interval = nextInterval(lines.length, interval)
    if (!left.aborted) await delay(interval)
  }
  const last = splitter.end()
  if (last.length > 0) yield { type: 'events', events: last.map(parse) }
}

async function* passOn<Event>(stream: AsyncIterable<Buffer>): AsyncGenerator<RunEvent<Event>, void, void> {
  for await (const data of stream) yield { type: 'output', data }
}

/**
 * Starts a program and yields what it does; the only place that starts one. It gets a process group of its own, a small
 * environment, and its secrets through file descriptors. Standard error is parsed line by line, standard output comes as
 * it is. A reader that stops reading, or an error in it, ends the program; a slow reader slows it down. What the program
 * has started and left behind is killed within two seconds of its end; what has left its process group is no longer heard.
 * A program that cannot be ended, as where it waits for a disk that does not answer, is left running.
 * Throws `LineTooLong`; a program that cannot be started is an `exit` event.
 */
export async function* run<Event>(
  command: Command<Event>,
  { signal, killAfter = 20_000, environment }: RunOptions,
): AsyncGenerator<RunEvent<Event>, void, void> {
  const secrets = Object.entries(command.secrets ?? {})
  const secretEnvironment = Object.entries(command.secretEnvironment ?? {})
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
        ...Object.fromEntries(secretEnvironment.map(([name, secret]) => [name, secret.reveal()])),
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
  const { pid, stdout, stderr } = child.nodeChildProcess
  if (pid === undefined || stdout === null || stderr === null) {
    const { code } = await child
    const startFailure = code === 'ENOENT' ? 'missing' : 'refused'
    yield { type: 'exit', exitCode: null, signal: null, startFailure, leftRunning: [] }
    return
  }
  const timers: NodeJS.Timeout[] = []
  const left = new AbortController()
  let isEnded = false
  const end = () => {
    isEnded = true
    signalGroup(pid, 'SIGINT')
    timers.push(
      setTimeout(() => signalGroup(pid, 'SIGTERM'), killAfter / 2),
      setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfter),
      setTimeout(giveUp, killAfter + killTimeout),
    )
  }
  const leave = () => {
    signalGroup(pid, 'SIGKILL')
    left.abort()
  }
  // Not execa's own promise: it waits for the pipes too, however long somebody holds them.
  const { promise: ended, resolve } = Promise.withResolvers<Pick<Exit, 'exitCode' | 'signal'>>()
  child.nodeChildProcess.once('exit', (exitCode, endSignal) => {
    timers.push(setTimeout(leave, leftBehindTimeout))
    resolve({ exitCode, signal: endSignal })
  })
  const giveUp = () => {
    // Nothing of this process waits for it any more, not even its end.
    child.nodeChildProcess.unref()
    left.abort()
    resolve({ exitCode: null, signal: null })
  }
  if (signal?.aborted) end()
  else signal?.addEventListener('abort', end, { once: true })
  let isOver = false
  try {
    yield* merge<RunEvent<Event>>(
      parseLines(readUntilLeft(stderr, left.signal), command.parse, left.signal),
      passOn(readUntilLeft(stdout, left.signal)),
    )
    const exit = await ended
    isOver = true
    const wasGivenUp = exit.exitCode === null && exit.signal === null
    const leftRunning = isEnded ? await killGroup(pid, wasGivenUp ? 0 : killTimeout) : []
    yield { type: 'exit', ...exit, startFailure: null, leftRunning }
  } finally {
    signal?.removeEventListener('abort', end)
    if (!isOver && !signal?.aborted) end()
    await ended
    for (const timer of timers) clearTimeout(timer)
    signalGroup(pid, 'SIGKILL')
    for (const stream of [stdout, stderr]) stream.destroy()
  }
}
