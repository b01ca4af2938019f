import type { Prisma, Task } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import { repositoryEvent } from '../../repositories/state.ts'
import type { Outcome } from './outcome.ts'

/** How a job that runs or one of its tasks goes on. */
export type Transition =
  /** A try of a task begins: `task` as it was before. */
  | { readonly type: 'TASK_BEGUN'; readonly task: Task; readonly at: Date }
  /** A task has ended, or is not begun. */
  | { readonly type: 'TASK_ENDED'; readonly taskId: string; readonly outcome: Outcome; readonly at: Date }
  /** The try of a task has failed, and there will be another one. */
  | { readonly type: 'TASK_PUT_BACK'; readonly taskId: string; readonly problem: string | null }
  /** `setUp`: the repository that the job was to create or import; null for other jobs. */
  | { readonly type: 'JOB_ENDED'; readonly outcome: Outcome; readonly at: Date; readonly setUp: string | null }
  /** The job goes on with the next try of its task. */
  | { readonly type: 'JOB_PUT_BACK'; readonly nextTryAt: Date }
  | { readonly type: 'LEASE_RELEASED' }

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

/** What becomes of a task whose next try begins. */
export const begun = ({ attempt }: Pick<Task, 'attempt'>, at: Date) =>
  ({ ...(attempt > 0 && untried), state: 'RUNNING', attempt: attempt + 1, startedAt: at }) as const

type Write = Prisma.PrismaPromise<unknown>

/** What a transition changes in the records. */
const writesOf = (db: Database, jobId: string, transition: Transition): readonly Write[] => {
  const updateTask = (id: string, data: Prisma.TaskUncheckedUpdateInput) =>
    db.task.update({ where: { id }, data, select: { id: true } })
  const updateJob = (data: Prisma.JobUncheckedUpdateInput) =>
    db.job.update({ where: { id: jobId }, data, select: { id: true } })
  switch (transition.type) {
    case 'TASK_BEGUN': {
      const { task, at } = transition
      const write = updateTask(task.id, begun(task, at))
      return task.attempt === 0 ? [write] : [db.fileProblem.deleteMany({ where: { taskId: task.id } }), write]
    }
    case 'TASK_ENDED': {
      const { taskId, outcome, at } = transition
      return [updateTask(taskId, { ...notAtWork, ...outcome, finishedAt: at })]
    }
    case 'TASK_PUT_BACK': {
      const { taskId, problem } = transition
      return [updateTask(taskId, { ...notAtWork, state: 'QUEUED', problem })]
    }
    case 'JOB_ENDED': {
      const { outcome, at, setUp } = transition
      const ended = updateJob({ ...outcome, finishedAt: at })
      if (setUp === null) return [ended]
      return [ended, repositoryEvent(db, { id: setUp }, { type: 'SET_UP_ENDED', problem: outcome.problem })]
    }
    case 'JOB_PUT_BACK': {
      const { nextTryAt } = transition
      return [updateJob({ state: 'QUEUED', notBefore: nextTryAt, waitingFor: 'the time of its next try' })]
    }
    case 'LEASE_RELEASED':
      return [db.lease.deleteMany({ where: { jobId } })]
  }
}

/** Writes down how one job and its tasks go on. */
export interface Transitions {
  /** Keeps one until the next are written: what ends is written together with what begins then. */
  keep(transition: Transition): void
  /** Writes all that is kept and these, in one transaction, or nothing of it; what was kept is still kept then. */
  write(...transitions: readonly Transition[]): Promise<void>
}

export const createTransitions = ({ db, events }: { db: Database; events: Events }, jobId: string): Transitions => {
  const kept: Transition[] = []
  return {
    keep(transition) {
      kept.push(transition)
    },
    async write(...transitions) {
      const count = kept.length
      const all = [...kept, ...transitions]
      await db.$transaction(all.flatMap((transition) => writesOf(db, jobId, transition)))
      kept.splice(0, count)
      for (const transition of all)
        if (transition.type === 'TASK_ENDED') events.publish('task:output', transition.taskId)
      events.publish('job:changed', jobId)
    },
  }
}
