import type { Job, Task } from '../../../prisma/generated/client/client.ts'
import type { Log } from '../../log.ts'
import { LineTooLong } from '../../process/lines.ts'
import { SealedDamaged, SealedWithOtherKey } from '../../secrets/vault.ts'
import type { Outputs } from '../output/output.ts'
import { openJournal } from '../output/progress-journal.ts'
import type { TaskContext, TaskKindDefinition, TaskKinds, TaskResult } from '../records/kind-definition.ts'
import type { Persistence } from '../records/retried-writes.ts'
import { readDoneTasks, whatChanged, whatMayBeLeft } from '../records/what-changed.ts'
import { isFailure, type Outcome } from './outcome.ts'
import { after, durationInWords, type Stopping, stopWords } from './stopping.ts'

/** What tasks are run with. */
export interface TaskOptions extends Pick<TaskContext, 'app' | 'environment'> {
  readonly log: Log
  readonly outputs: Outputs
  readonly persistence: Persistence
  readonly kinds: TaskKinds
}

/** How a try of a task ended. */
export type TaskEnd = Outcome & Pick<TaskResult, 'isRepositoryOpened'>

/** Why something that nobody foresaw failed, in plain words. */
export const unexpectedProblem = (error: unknown): string => {
  if (/disk is full|ENOSPC/.test(String(error))) {
    return 'There is no space left for Borgitory’s own records. Archives made before are whole.'
  }
  if (error instanceof SealedWithOtherKey || error instanceof SealedDamaged) return error.message
  if (error instanceof LineTooLong) return `Borg was ended: ${error.message}. Archives made before are whole.`
  return 'Something unexpected happened; the log of the server says what. Archives made before are whole.'
}

/** Seconds that a task has which is done although an earlier one failed or was stopped: nobody waits for it any more. */
const lastTime = 60

/** Seconds after which one try of a task is stopped; null for never. */
export const timeLimitOf = (
  { runsAfterFailure }: Pick<TaskKindDefinition, 'runsAfterFailure'>,
  { timeLimit }: Pick<Task, 'timeLimit'>,
  soFar: Outcome,
): number | null => timeLimit ?? (runsAfterFailure && isFailure(soFar) ? lastTime : null)

/** Runs one try of a task to its end, or until it is stopped. Never throws. */
export type RunTask = (job: Job, task: Task, soFar: Outcome, stopping: Stopping) => Promise<TaskEnd>

/**
 * What to add to a problem where processes of a task could not be ended: nothing, or a sentence after a space. The
 * repository stays as safe as borg’s own lock makes it, which such a borg still holds.
 */
const sayLeftRunning = ({ lease }: Pick<TaskKindDefinition, 'lease'>, pids: readonly number[]): string => {
  if (pids.length === 0) return ''
  const [processes, they] = pids.length === 1 ? ['Process', 'it'] : ['Processes', 'they']
  const still = lease === null ? 'be at work' : 'hold borg’s lock'
  return ` ${processes} ${pids.join(', ')} could not be ended, not even by SIGKILL: ${they} may still ${still}.`
}

export const createTaskRunner = ({ app, environment, log, outputs, persistence, kinds }: TaskOptions): RunTask => {
  const { db, events } = app

  const runKind = async (job: Job, task: Task, soFar: Outcome, signal: AbortSignal): Promise<TaskResult> => {
    const { id: taskId, kind, attempt, retries, lineCount } = task
    const persist = persistence.for({ job: job.id, task: taskId })
    const journal = openJournal({ db, events, outputs, persist }, { jobId: job.id, taskId, lineCount })
    try {
      if (attempt > 1) await journal.output([`--- Try ${attempt} of ${retries + 1} ---`])
      return await kinds[kind].run({
        ...{ app, environment, job, task, journal, persist, soFar, signal },
        whatChanged: async (hasWritten = false) =>
          whatChanged(kinds, hasWritten ? kind : null, await readDoneTasks(db, kinds, task)),
      })
    } finally {
      await journal.close()
    }
  }

  return async (job, task, soFar, stopping) => {
    const kind = kinds[task.kind]
    const { signal, over } = stopping.watch(task)
    const limit = new AbortController()
    const timeLimit = timeLimitOf(kind, task, soFar)
    const timer = timeLimit === null ? undefined : after(timeLimit * 1000, () => limit.abort())
    const end = AbortSignal.any([signal, limit.signal])
    const unforeseen = (error: unknown): TaskResult => {
      log.error({ err: error, job: job.id, task: task.id }, 'a task failed unexpectedly')
      return { state: 'FAILED', problem: unexpectedProblem(error), isRepositoryOpened: true }
    }
    try {
      const { leftRunning = [], ...result } = await runKind(job, task, soFar, end).catch(unforeseen)
      if (result.state !== 'FAILED') return result
      const left = sayLeftRunning(kind, leftRunning)
      if (left !== '') log.error({ job: job.id, task: task.id, pids: leftRunning }, 'processes could not be ended')
      if (signal.aborted && stopping.why !== null) {
        const { state, running } = stopWords[stopping.why]
        return { ...result, state, problem: `${running(job)} ${whatMayBeLeft(kinds, task.kind)}${left}` }
      }
      if (!limit.signal.aborted) return result
      const rest = kind.lease === null ? '' : ` ${whatMayBeLeft(kinds, task.kind)}`
      const problem = `Stopped after the ${durationInWords(timeLimit ?? 0)} that it may take.${rest}${left}`
      return { ...result, problem }
    } finally {
      clearTimeout(timer)
      over()
    }
  }
}
