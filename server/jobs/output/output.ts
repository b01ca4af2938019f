import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Persist } from '../records/retried-writes.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Characters of text after which a chunk is closed and compressed. */
const chunkSize = 128 * 1024

/** Some consecutive lines of a task; `cursor` is the number of lines up to and including the last of them. */
export interface OutputPage {
  readonly cursor: number
  readonly lines: readonly string[]
}

/** Lines that lie together, and come after the first `first` lines of their task. */
export interface OutputChunk {
  readonly first: number
  readonly lines: readonly string[]
}

/** A chunk that is not finished yet. */
interface UnfinishedChunk extends OutputChunk {
  readonly lines: string[]
  /** Characters of its text. */
  length: number
  /** Lines that are in the records. */
  savedLines: number
  /** Bytes that it takes in the records. */
  savedBytes: number
}

const newChunk = (first: number): UnfinishedChunk => ({ first, lines: [], length: 0, savedLines: 0, savedBytes: 0 })

/** Takes the lines that one task prints. Calls of `append` must not overlap. */
export interface OutputWriter {
  readonly lineCount: number
  /** Keeps lines (without newlines) and announces them at once; waits where a chunk has to be written first. */
  append(lines: readonly string[]): Promise<void>
  /** Writes what only memory holds, so that a killed server loses no more than what came since. */
  save(): Promise<void>
  /** Writes and compresses the rest. */
  close(): Promise<void>
}

/** The output of all tasks: whole, in compressed chunks, readable while it is written. */
export interface Outputs {
  /**
   * Takes what a task prints; where it is tried again, after the `first` lines that it has printed before. A chunk that
   * the records cannot take is written as `persist` does it, and `append` waits for it: no more is kept in memory.
   */
  open(taskId: string, first?: number, persist?: Persist): OutputWriter
  isOpen(taskId: string): boolean
  /** The chunk with the line that comes after the first `after` ones; null where there is no such line. */
  chunk(taskId: string, after: number): Promise<OutputChunk | null>
  /** At most `limit` lines after the first `after` ones; fewer where a chunk ends, none only where there are none. */
  read(taskId: string, after: number, limit: number): Promise<OutputPage>
}

export const createOutputs = ({ db, events }: { db: Database; events: Events }): Outputs => {
  /** The chunks that are not compressed yet, oldest first; the last one takes what is appended. */
  const unfinished = new Map<string, UnfinishedChunk[]>()

  const write = async (taskId: string, chunk: UnfinishedChunk, isFinished: boolean) => {
    const { first } = chunk
    const lineCount = chunk.lines.length
    const text = Buffer.from(`${chunk.lines.join('\n')}\n`)
    const data = new Uint8Array(isFinished ? await compress(text) : text)
    await db.$transaction([
      db.outputChunk.upsert({
        where: { taskId_first: { taskId, first } },
        create: { taskId, first, lineCount, compressed: isFinished, data },
        update: { lineCount, compressed: isFinished, data },
        select: { first: true },
      }),
      db.task.update({
        where: { id: taskId },
        // With the chunk: what the count says is there, also after a crash or a write that failed.
        data: { outputSize: { increment: data.length - chunk.savedBytes }, lineCount: first + lineCount },
        select: { id: true },
      }),
    ])
    chunk.savedLines = lineCount
    chunk.savedBytes = data.length
  }

  const readChunk = async (taskId: string, after: number): Promise<OutputChunk | null> => {
    const inMemory = unfinished.get(taskId)?.findLast(({ first }) => first <= after)
    if (inMemory) return after < inMemory.first + inMemory.lines.length ? inMemory : null
    const chunk = await db.outputChunk.findFirst({
      where: { taskId, first: { lte: after } },
      orderBy: { first: 'desc' },
    })
    if (!chunk || chunk.first + chunk.lineCount <= after) return null
    const text = (chunk.compressed ? await decompress(chunk.data) : Buffer.from(chunk.data)).toString('utf8')
    return { first: chunk.first, lines: text.slice(0, -1).split('\n') }
  }

  return {
    isOpen: (taskId) => unfinished.has(taskId),

    open: (taskId, first = 0, persist = (write) => write()) => {
      let current = newChunk(first)
      const chunks = [current]
      unfinished.set(taskId, chunks)
      let writes: Promise<unknown> = Promise.resolve()
      /** One write after the other: an unfinished chunk never lands on top of the finished one. */
      const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
        const result = writes.then(task)
        writes = result.catch(() => {})
        return result
      }
      const finishChunk = async () => {
        const finished = current
        current = newChunk(finished.first + finished.lines.length)
        chunks.push(current)
        await inTurn(() => persist(() => write(taskId, finished, true)))
        chunks.shift()
      }
      return {
        get lineCount() {
          return current.first + current.lines.length
        },
        async append(lines) {
          if (lines.length === 0) return
          for (const line of lines) {
            current.lines.push(line)
            current.length += line.length + 1
            if (current.length >= chunkSize) {
              events.publish('task:output', taskId)
              await finishChunk()
            }
          }
          events.publish('task:output', taskId)
        },
        async save() {
          await inTurn(async () => {
            if (current.lines.length > current.savedLines) await write(taskId, current, false)
          })
        },
        async close() {
          try {
            if (current.lines.length > 0) await finishChunk()
          } finally {
            unfinished.delete(taskId)
            events.publish('task:output', taskId)
          }
        },
      }
    },

    chunk: readChunk,

    read: async (taskId, after, limit) => {
      const chunk = await readChunk(taskId, after)
      if (chunk === null) return { cursor: after, lines: [] }
      const lines = chunk.lines.slice(after - chunk.first, after - chunk.first + limit)
      return { cursor: after + lines.length, lines }
    },
  }
}

/**
 * Milliseconds before the next page, by the number of lines in the last one: each page costs as much as some hundred
 * lines, so lines are let gather, shorter than anyone sees: those that come one by one, and longer those of which nobody
 * reads each. A reader that catches up does not wait.
 */
const pauseAfter = (lines: number) => {
  if (lines >= 1000) return 0
  return lines >= 20 ? 40 : 15
}

/**
 * Every line of a task after the first `after` ones, as they come and without a gap; ends when the task has ended.
 * `return()` ends it at once.
 */
export const followOutput = async (
  { db, events, outputs }: { db: Database; events: Events; outputs: Outputs },
  taskId: string,
  after: number,
): Promise<AsyncIterableIterator<OutputPage, void, void>> => {
  const announcements = await events.watch('task:output', taskId)
  let cursor = after
  /** When the next page may be sent, in milliseconds since the epoch. */
  let notBefore = 0
  const hasEnded = async () => {
    if (outputs.isOpen(taskId)) return false
    const task = await db.task.findUnique({ where: { id: taskId }, select: { finishedAt: true } })
    return task === null || task.finishedAt !== null
  }
  const pages: AsyncIterableIterator<OutputPage, void, void> = {
    async next() {
      const wait = notBefore - Date.now()
      if (wait > 0) await delay(wait)
      for (;;) {
        const isLast = await hasEnded()
        const page = await outputs.read(taskId, cursor, 10_000)
        if (page.lines.length > 0) {
          cursor = page.cursor
          notBefore = Date.now() + pauseAfter(page.lines.length)
          return { done: false, value: page }
        }
        if (isLast) return pages.return?.() ?? { done: true, value: undefined }
        const { done } = await announcements.next()
        if (done) return { done, value: undefined }
      }
    },
    return: async () => {
      await announcements.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => pages,
  }
  return pages
}
