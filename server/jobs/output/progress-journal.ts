import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Persist } from '../records/retried-writes.ts'
import type { Outputs } from './output.ts'

/** The columns of a task that show how far it is. */
export type TaskProgress = Pick<
  Prisma.TaskUncheckedUpdateInput,
  | 'currentPath'
  | 'message'
  | 'fileCount'
  | 'originalSize'
  | 'compressedSize'
  | 'deduplicatedSize'
  | 'expectedOriginalSize'
  | 'bytesPerSecond'
  | 'percent'
  | 'summary'
>

/** Writes down what one task does while it does it; what the records cannot take yet is written when they can. */
export interface Journal {
  /** Keeps lines of output; slows the caller down where they come faster than they can be written. Throws what keeps them from ever being written. */
  output(lines: readonly string[]): Promise<void>
  /** Written at most three times a second, the last one always. */
  progress(columns: TaskProgress): void
  /** Counts a problem; the first 10,000 of a task are kept one by one. */
  fileProblem(problem: { path: string | null; message: string }): void
  readonly fileProblemCount: number
  /** Writes what is still waiting. Nothing may be given to the journal afterwards. */
  close(): Promise<void>
}

/** Milliseconds between two writes. */
const interval = 333

/** Milliseconds between two writes of output that does not fill a chunk yet; it is what a killed server loses of it. */
const outputInterval = 1000

/** The most problems with files that are kept of a task, so that neither memory nor records grow with its sources. */
export const mostFileProblems = 10_000

/** Rows that SQLite writes in a moment: it lets nobody else work meanwhile. */
const batchSize = 200

interface JournalOptions {
  readonly db: Database
  readonly events: Events
  readonly outputs: Outputs
  /** Tries once where it is left out. */
  readonly persist?: Persist
}

/** Opens the journal of one try; the lines of earlier ones are `lineCount`. */
export const openJournal = (
  { db, events, outputs, persist = (write) => write() }: JournalOptions,
  { jobId, taskId, lineCount = 0 }: { jobId: string; taskId: string; lineCount?: number },
): Journal => {
  const output = outputs.open(taskId, lineCount, persist)
  let changed: TaskProgress | null = null
  let problems: Prisma.FileProblemCreateManyInput[] = []
  let fileProblemCount = 0
  let savedFileProblemCount = 0
  let savedLines = lineCount
  let outputSavedAt = 0
  let failure: { error: unknown } | null = null
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  /** What could not be written is still to be written, unless something newer takes its place. */
  const putBack = (columns: TaskProgress) => {
    changed = { ...columns, ...changed }
  }

  const write = async () => {
    const columns = changed
    const count = fileProblemCount
    const { lineCount } = output
    const savesOutput = lineCount !== savedLines && Date.now() >= outputSavedAt + outputInterval
    const countsProblems = count !== savedFileProblemCount
    if (columns === null && !countsProblems && !savesOutput) return
    changed = null
    try {
      if (savesOutput) {
        outputSavedAt = Date.now()
        await output.save()
        savedLines = lineCount
      }
      while (problems.length > 0) {
        const data = problems.slice(0, batchSize)
        await db.fileProblem.createMany({ data })
        problems = problems.slice(data.length)
        await othersTurn()
      }
      if (columns !== null || countsProblems) {
        const data = { ...columns, fileProblemCount: count }
        await db.task.update({ where: { id: taskId }, data, select: { id: true } })
        savedFileProblemCount = count
      }
    } catch (error) {
      if (columns !== null) putBack(columns)
      throw error
    }
    events.publish('job:changed', jobId)
  }

  const schedule = () => {
    timer ??= setTimeout(() => {
      writing = persist(write)
        .catch((error: unknown) => {
          failure = { error }
        })
        .finally(() => {
          timer = undefined
          if (failure) return
          const hasNews = changed !== null || fileProblemCount !== savedFileProblemCount
          if (hasNews || output.lineCount !== savedLines) schedule()
        })
    }, interval)
  }

  return {
    get fileProblemCount() {
      return fileProblemCount
    },
    async output(lines) {
      if (failure) throw failure.error
      try {
        await output.append(lines)
      } catch (error) {
        failure = { error }
        throw error
      }
      schedule()
    },
    progress(columns) {
      changed = { ...changed, ...columns }
      schedule()
    },
    fileProblem(problem) {
      if (fileProblemCount < mostFileProblems) problems.push({ taskId, position: fileProblemCount, ...problem })
      fileProblemCount += 1
      schedule()
    },
    async close() {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      try {
        await persist(write)
      } finally {
        await output.close()
      }
      if (failure) throw failure.error
    },
  }
}
