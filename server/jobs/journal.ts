import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'
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
  | 'dryRunSummary'
>

/** Writes down what one task does while it does it. */
export interface Journal {
  /** Keeps lines of output; slows the caller down where they come faster than they can be written. Throws what kept an earlier write from being done. */
  output(lines: readonly string[]): Promise<void>
  /** Written at most three times a second, the last one always. */
  progress(columns: TaskProgress): void
  fileProblem(problem: { path: string | null; message: string }): void
  readonly fileProblemCount: number
  /** Writes what is still waiting. Nothing may be given to the journal afterwards. */
  close(): Promise<void>
}

/** Milliseconds between two writes. */
const interval = 333

/** Milliseconds between two writes of output that does not fill a chunk yet; it is what a killed server loses of it. */
const outputInterval = 1000

/** Opens the journal of one try; the lines of earlier ones are `lineCount`. */
export const openJournal = (
  { db, events, outputs }: { db: Database; events: Events; outputs: Outputs },
  { jobId, taskId, lineCount = 0 }: { jobId: string; taskId: string; lineCount?: number },
): Journal => {
  const output = outputs.open(taskId, lineCount)
  let changed: TaskProgress | null = null
  let problems: Prisma.FileProblemCreateManyInput[] = []
  let fileProblemCount = 0
  let savedLines = lineCount
  let outputSavedAt = 0
  let failure: { error: unknown } | null = null
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async () => {
    const columns = changed
    const found = problems
    const { lineCount } = output
    const savesOutput = lineCount !== savedLines && Date.now() >= outputSavedAt + outputInterval
    if (columns === null && found.length === 0 && !savesOutput) return
    changed = null
    problems = []
    if (savesOutput) {
      outputSavedAt = Date.now()
      savedLines = lineCount
      await output.save()
    }
    if (found.length > 0) await db.fileProblem.createMany({ data: found })
    if (columns !== null || found.length > 0) {
      await db.task.update({ where: { id: taskId }, data: { ...columns, fileProblemCount }, select: { id: true } })
    }
    events.publish('job:changed', jobId)
  }

  const schedule = () => {
    timer ??= setTimeout(() => {
      writing = write()
        .catch((error: unknown) => {
          failure = { error }
        })
        .finally(() => {
          timer = undefined
          if (changed !== null || problems.length > 0 || output.lineCount !== savedLines) schedule()
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
      problems.push({ taskId, position: fileProblemCount, ...problem })
      fileProblemCount += 1
      schedule()
    },
    async close() {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      try {
        await write()
      } finally {
        await output.close()
      }
      if (failure) throw failure.error
    },
  }
}
