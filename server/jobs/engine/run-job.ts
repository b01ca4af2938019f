import type { Task } from '../../../prisma/generated/client/client.ts'
import type { TaskKinds } from '../records/kind-definition.ts'
import { leaseFor } from '../records/leases.ts'
import type { Persistence } from '../records/retried-writes.ts'
import { dependsOn } from '../records/task-dependencies.ts'
import { whatMayBeLeft } from '../records/what-changed.ts'
import type { ClaimedJob } from './claims.ts'
import type { JobLease } from './job-lease.ts'
import { isFailure, type Outcome, unmetCondition } from './outcome.ts'
import { createStanding } from './outcome-so-far.ts'
import { type RunTask, type TaskEnd, type TaskOptions, unexpectedProblem } from './run-task.ts'
import { type Stopping, stopWords } from './stopping.ts'
import { begun, type Transitions } from './transitions.ts'

/** How far a job came: to its end, or to a try that failed and is to be made again at a time. */
export type JobEnd = Outcome & { readonly nextTryAt: Date | null }

/** The longest wait for another try, in seconds. */
const longestDelay = 7 * 86_400

/** Milliseconds since the epoch at which a job has taken as long as it may, tries before counted in; null for never. */
export const deadlineOf = ({ startedAt, maxDuration }: Pick<ClaimedJob, 'startedAt' | 'maxDuration'>): number | null =>
  startedAt === null || maxDuration === null ? null : startedAt.getTime() + maxDuration * 1000

/** When the task of a job is tried again after a try that failed; null where it is not, as where none could be begun. */
const findNextTry = (job: ClaimedJob, { attempt, retries, retryDelay }: Task): Date | null => {
  if (attempt === 0 || attempt > retries) return null
  const at = Date.now() + Math.min(retryDelay * 2 ** (attempt - 1), longestDelay) * 1000
  const deadline = deadlineOf(job)
  return deadline !== null && at >= deadline ? null : new Date(at)
}

interface JobRun {
  readonly job: ClaimedJob
  readonly transitions: Transitions
  readonly kinds: TaskKinds
  readonly lease: JobLease
  readonly persistence: Persistence
  readonly stopping: Stopping
  readonly runTask: RunTask
  readonly log: TaskOptions['log']
}

/**
 * Goes through the tasks of a job that have not ended, in order, each by its policies. Those that depend on one which is
 * to be tried again are left for then. What ended last is kept for the next `transitions.write`. Never throws.
 */
export const runJob = async ({
  job,
  transitions,
  kinds,
  lease,
  persistence,
  stopping,
  runTask,
  log,
}: JobRun): Promise<JobEnd> => {
  const standing = createStanding()
  for (const task of job.tasks) if (task.finishedAt !== null) standing.note(task, task)
  /** By repository whether the task that opened it last could do so. */
  const isOpened = new Map<string | null, boolean>()
  const triedAgain: { readonly task: Task; readonly at: Date }[] = []

  const whyNotBegun = (task: Task): string | null => {
    const soFar = standing.before(task)
    const hasChance =
      stopping.why !== 'INTERRUPTED' && isOpened.get(task.repositoryId) === true && kinds[task.kind].runsAfterFailure
    if (isFailure(soFar) && hasChance) return null
    const unmet = unmetCondition(task.condition, soFar)
    if (unmet === null || stopping.why === null) return unmet
    return `${task.attempt === 0 ? 'Not begun' : 'Not tried again'}: ${stopWords[stopping.why].waiting}.`
  }

  const endTask = ({ id }: Task, { state, problem }: Outcome) =>
    transitions.keep({ type: 'TASK_ENDED', taskId: id, outcome: { state, problem }, at: new Date() })

  /** A try that was made was made: its task ends as what stopped it. */
  const leave = (task: Task, why: string) => {
    if (task.attempt === 0) return endTask(task, { state: 'SKIPPED', problem: why })
    const state = stopping.why === null ? 'FAILED' : stopWords[stopping.why].state
    endTask(task, { state, problem: task.problem === null ? why : `${why} ${task.problem}` })
  }

  const beginTask = async (task: Task): Promise<Task> => {
    const at = new Date()
    await transitions.write({ type: 'TASK_BEGUN', task, at })
    return { ...task, ...begun(task, at) }
  }

  /** Notes what stops the job now, and says why a task is not begun; null where it is. */
  const obstacleTo = (waiting: Task): string | null => {
    if (stopping.why !== null) {
      const { state, running } = stopWords[stopping.why]
      standing.stop({ state, problem: `${running(job)} ${whatMayBeLeft(kinds, waiting.kind)}` })
    }
    return whyNotBegun(waiting)
  }

  /** Has the lease that a task is run with: the one that it shares with those after it, or none; false where it was stopped. */
  const prepareLease = async (waiting: Task): Promise<boolean> => {
    const claim = leaseFor(kinds, job, job.tasks.slice(job.tasks.indexOf(waiting)))
    const persist = persistence.for({ job: job.id, task: waiting.id })
    if (claim?.repositoryId !== lease.repositoryId) await persist(lease.release)
    if (claim === null || lease.repositoryId !== null) return true
    const { signal, over } = stopping.watch(waiting)
    return (await persist(() => lease.take(claim, signal)).finally(over)) === 'taken'
  }

  /** Runs one try of a task; null where the job was stopped before that could begin. */
  const runOnce = async (waiting: Task): Promise<{ task: Task; end: TaskEnd } | null> => {
    try {
      const isReady = await prepareLease(waiting)
      if (!isReady || obstacleTo(waiting) !== null) return null
      const persist = persistence.for({ job: job.id, task: waiting.id })
      const task = await persist(() => beginTask(waiting))
      return { task, end: await runTask(job, task, standing.before(task), stopping) }
    } catch (error) {
      log.error({ err: error, job: job.id, task: waiting.id }, 'a task cannot be begun')
      return { task: waiting, end: { state: 'FAILED', problem: unexpectedProblem(error), isRepositoryOpened: false } }
    }
  }

  for (const waiting of job.tasks) {
    if (waiting.finishedAt !== null || triedAgain.some(({ task }) => dependsOn(waiting, task))) continue
    const why = obstacleTo(waiting)
    const ran = why === null ? await runOnce(waiting) : null
    if (ran === null) {
      leave(waiting, why ?? obstacleTo(waiting) ?? 'Not begun: the job was stopped.')
      continue
    }
    const { task, end } = ran
    const nextTryAt = end.state === 'FAILED' && stopping.why === null ? findNextTry(job, task) : null
    if (nextTryAt !== null) {
      transitions.keep({ type: 'TASK_PUT_BACK', taskId: task.id, problem: end.problem })
      triedAgain.push({ task, at: nextTryAt })
      continue
    }
    endTask(task, end)
    standing.note(task, end)
    if (kinds[task.kind].lease !== null) isOpened.set(task.repositoryId, end.isRepositoryOpened)
  }
  const [nextTryAt = null] = triedAgain.map(({ at }) => at).sort((a, b) => b.getTime() - a.getTime())
  return { ...standing.whole, nextTryAt }
}
