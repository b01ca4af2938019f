import type { Prisma, Task } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { Outcome } from './outcome.ts'

/** A change of the records, made anew each time that it is tried. */
export type Write = () => Prisma.PrismaPromise<unknown>

/** Writes down how the tasks of one job go on. What ends is kept until the next thing begins, and written with it. */
export interface TaskRecord {
  /** Writes down that a try begins, and all that ended before. Gives the task as it is then. */
  begin<T extends Task>(task: T): Promise<T>
  /** A task has ended, or is not begun. */
  end(task: Task, outcome: Outcome): void
  /** The try of a task has failed, and there will be another one. */
  putBack(task: Task, problem: string | null): void
  /** Writes down all that is kept, together with `others`, or nothing of it. */
  write(others?: readonly Write[]): Promise<void>
}

/** What a try leaves behind, besides the lines of its output. */
const untried = {
  finishedAt: null,
  problem: null,
  commandLine: null,
  exitCode: null,
  fileCount: null,
  originalSize: null,
  compressedSize: null,
  deduplicatedSize: null,
  fileProblemCount: 0,
} satisfies Prisma.TaskUncheckedUpdateInput

const notAtWork = {
  currentPath: null,
  message: null,
  percent: null,
  bytesPerSecond: null,
} satisfies Prisma.TaskUncheckedUpdateInput

export const openTaskRecord = ({ db, events }: { db: Database; events: Events }, jobId: string): TaskRecord => {
  let kept: Write[] = []
  let ended: string[] = []

  const write = async (others: readonly Write[] = []) => {
    const count = kept.length
    const endedCount = ended.length
    await db.$transaction([...kept, ...others].map((make) => make()))
    kept = kept.slice(count)
    const written = ended.slice(0, endedCount)
    ended = ended.slice(endedCount)
    for (const id of written) events.publish('task:output', id)
    events.publish('job:changed', jobId)
  }

  const keep = (id: string, data: Prisma.TaskUncheckedUpdateInput) => {
    kept.push(() => db.task.update({ where: { id }, data: { ...notAtWork, ...data }, select: { id: true } }))
  }

  return {
    async begin(task) {
      const { id } = task
      const isFirst = task.attempt === 0
      const begun = {
        ...(!isFirst && untried),
        state: 'RUNNING',
        attempt: task.attempt + 1,
        startedAt: new Date(),
      } as const
      const forget: Write[] = isFirst ? [] : [() => db.fileProblem.deleteMany({ where: { taskId: id } })]
      await write([...forget, () => db.task.update({ where: { id }, data: begun, select: { id: true } })])
      return { ...task, ...begun }
    },
    end(task, { state, problem }) {
      keep(task.id, { state, problem, finishedAt: new Date() })
      ended.push(task.id)
    },
    putBack(task, problem) {
      keep(task.id, { state: 'QUEUED', problem })
    },
    write,
  }
}
