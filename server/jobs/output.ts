import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Bytes of text after which a chunk is closed and compressed. */
const chunkSize = 128 * 1024

/** Some consecutive lines of a task; `cursor` is the number of lines up to and including the last of them. */
export interface OutputPage {
  readonly cursor: number
  readonly lines: readonly string[]
}

/** Lines in memory, that start after the first `first` lines of their task. */
interface Chunk {
  readonly first: number
  readonly lines: string[]
  bytes: number
  savedLines: number
}

const newChunk = (first: number): Chunk => ({ first, lines: [], bytes: 0, savedLines: 0 })

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
  open(taskId: string): OutputWriter
  isOpen(taskId: string): boolean
  /** At most `limit` lines after the first `after` ones; fewer where a chunk ends, none only where there are none. */
  read(taskId: string, after: number, limit: number): Promise<OutputPage>
}

export const createOutputs = ({ db, events }: { db: Database; events: Events }): Outputs => {
  /** The chunks that are not compressed yet, oldest first; the last one takes what is appended. */
  const unfinished = new Map<string, Chunk[]>()

  const write = async (taskId: string, { first, lines }: Chunk, isFinished: boolean) => {
    const lineCount = lines.length
    const text = Buffer.from(`${lines.join('\n')}\n`)
    const data = new Uint8Array(isFinished ? await compress(text) : text)
    await db.outputChunk.upsert({
      where: { taskId_first: { taskId, first } },
      create: { taskId, first, lineCount, compressed: isFinished, data },
      update: { lineCount, compressed: isFinished, data },
      select: { first: true },
    })
    return lineCount
  }

  return {
    isOpen: (taskId) => unfinished.has(taskId),

    open: (taskId) => {
      let current = newChunk(0)
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
        await inTurn(() => write(taskId, finished, true))
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
            current.bytes += line.length + 1
            if (current.bytes >= chunkSize) {
              events.publish('task:output', taskId)
              await finishChunk()
            }
          }
          events.publish('task:output', taskId)
        },
        async save() {
          await inTurn(async () => {
            if (current.lines.length > current.savedLines) current.savedLines = await write(taskId, current, false)
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

    read: async (taskId, after, limit) => {
      const page = (first: number, lines: readonly string[]): OutputPage => {
        const wanted = lines.slice(after - first, after - first + limit)
        return { cursor: after + wanted.length, lines: wanted }
      }
      const inMemory = unfinished.get(taskId)?.findLast(({ first }) => first <= after)
      if (inMemory) return page(inMemory.first, inMemory.lines)
      const chunk = await db.outputChunk.findFirst({
        where: { taskId, first: { lte: after } },
        orderBy: { first: 'desc' },
      })
      if (!chunk || chunk.first + chunk.lineCount <= after) return { cursor: after, lines: [] }
      const text = (chunk.compressed ? await decompress(chunk.data) : Buffer.from(chunk.data)).toString('utf8')
      return page(chunk.first, text.slice(0, -1).split('\n'))
    },
  }
}

/**
 * Milliseconds before the next page, by the number of lines in the last one: each page costs as much as some hundred
 * lines, so lines that come one by one are let gather, shorter than anyone sees; a reader that catches up does not wait.
 */
const pauseAfter = (lines: number) => (lines >= 1000 ? 0 : 15)

/**
 * Every line of a task after the first `after` ones, as they come and without a gap; ends when the task has ended.
 * `return()` ends it at once.
 */
export const followOutput = (
  { db, events, outputs }: { db: Database; events: Events; outputs: Outputs },
  taskId: string,
  after: number,
): AsyncIterableIterator<OutputPage, void, void> => {
  const announcements = events.watch('task:output', taskId)
  let cursor = after
  /** When the next page may be sent, in milliseconds since the epoch. */
  let notBefore = 0
  const hasEnded = async () => {
    if (outputs.isOpen(taskId)) return false
    const task = await db.task.findUnique({ where: { id: taskId }, select: { finishedAt: true } })
    return task === null || task.finishedAt !== null
  }
  return {
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
        if (isLast) return this.return?.() ?? { done: true, value: undefined }
        const { done } = await announcements.next()
        if (done) return { done, value: undefined }
      }
    },
    return: async () => {
      await announcements.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
