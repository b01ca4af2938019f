import { setImmediate as othersTurn } from 'node:timers/promises'
import pTimeout from 'p-timeout'
import type { Kinds } from '../records/kind-definition.ts'
import type { LeaseClaim } from '../records/leases.ts'
import { readQueueSettings, theQueue } from '../records/queue-settings.ts'
import { createPersistence } from '../records/retried-writes.ts'
import { repositoriesOf } from '../records/task-repositories.ts'
import { type ClaimedJob, claimJob, leaseHolder } from './claims.ts'
import { chooseJobs, firstRepository, type LeaseElsewhere, type RunningJob, type WaitingJob } from './dispatcher.ts'
import { createJobLease } from './job-lease.ts'
import { deadlineOf, type JobEnd, runJob } from './run-job.ts'
import { createTaskRunner, type TaskOptions } from './run-task.ts'
import { after, createStopping, type Stop, type Stopping } from './stopping.ts'
import { createTransitions, type Transitions } from './transitions.ts'
import { createWaitingList } from './waiting-list.ts'
import { waitingWords } from './waiting-words.ts'

export interface RunnerOptions extends Omit<TaskOptions, 'persistence' | 'kinds'> {
  readonly kinds: Kinds
  /** This run of the server. */
  readonly serverId: string
}

/** Runs jobs, each at most once at a time. */
export interface Runner {
  /** Looks at a job: runs it as soon as it is its turn, and shows until then what it waits for. */
  take(jobId: string): void
  /** Looks at the jobs that wait and that nobody has announced: they were there before, or another server wrote them. */
  find(): Promise<void>
  /** Looks at all that waits: something other than a job has changed that they may wait for. */
  look(): void
  /** Ends a job that runs here, and what is left of one that waits, after `cancelRequestedAt` or its end was written down. */
  cancel(jobId: string): void
  /** Begins nothing any more, gives what runs `grace` milliseconds to end, interrupts the rest, and resolves when all is recorded. */
  stop(grace: number): Promise<void>
}

interface Run extends Omit<RunningJob, 'lease'> {
  lease: RunningJob['lease']
  readonly stopping: Stopping
  readonly done: Promise<void>
}

/** Milliseconds between two attempts to use the records, where they cannot be read or written. */
const retryInterval = 2_000

/** Milliseconds between two looks whether a job of another server has given its lease back. */
const leaseInterval = 500

/** The longest time between two looks at what waits, in milliseconds: the clock may have been set. */
const longestWait = 60_000

/** Milliseconds between two announcements that the queue has changed. */
const announcementInterval = 250

export const createRunner = (options: RunnerOptions): Runner => {
  const { app, log, kinds, serverId } = options
  const { db, events } = app
  const persistence = createPersistence({ log })
  const runTask = createTaskRunner({ ...options, kinds: kinds.tasks, persistence })
  const waiting = createWaitingList({ db, events, kinds })
  const runs = new Map<string, Run>()
  const servedAt = new Map<string | null, number>()
  const heldElsewhere = new Map<string, LeaseElsewhere>()
  let servedCount = 0
  let isStopping = false
  let isDue = false
  let dispatching: Promise<void> | null = null
  let alarm: NodeJS.Timeout | undefined
  let announcement: NodeJS.Timeout | undefined

  const announceQueue = () => {
    announcement ??= setTimeout(() => {
      announcement = undefined
      events.publish('queue:changed', theQueue)
    }, announcementInterval)
  }

  /** What a job has come to is written down for as long as the server is there to try. */
  const untilWritten = (jobId: string, write: () => Promise<void>) => persistence.for({ job: jobId }, () => true)(write)

  const finish = async (job: ClaimedJob, transitions: Transitions, { state, problem }: JobEnd) => {
    const { id, kind, repositoryId } = job
    const setUp = kinds.jobs[kind].setsUpRepository ? repositoryId : null
    const ended = { type: 'JOB_ENDED', outcome: { state, problem }, at: new Date(), setUp } as const
    await untilWritten(id, () => transitions.write(ended, { type: 'LEASE_RELEASED' }))
    for (const repository of repositoriesOf(job)) events.publish('repository:changed', repository)
  }

  const putBack = async ({ id }: ClaimedJob, transitions: Transitions, nextTryAt: Date) => {
    await untilWritten(id, () => transitions.write({ type: 'JOB_PUT_BACK', nextTryAt }, { type: 'LEASE_RELEASED' }))
  }

  const noteHolder = async (lease: LeaseClaim) => {
    const holder = await leaseHolder(db, lease)
    if (holder !== null) heldElsewhere.set(lease.repositoryId, { ...holder, until: Date.now() + leaseInterval })
  }

  const noteServed = (repositoryId: string | null) => {
    servedCount += 1
    servedAt.set(repositoryId, servedCount)
  }

  /** What a job that runs has or waits for from now on: others may begin beside it, or not any more. */
  const noteLease = (run: Run, lease: LeaseClaim | null) => {
    run.lease = lease
    if (lease === null) dispatch()
    else noteServed(lease.repositoryId)
  }

  const goThrough = async (run: Run, { id }: WaitingJob) => {
    const { stopping, lease: held } = run
    const job = await claimJob(db, { jobId: id, serverId, lease: held })
    if (job === 'gone') return
    if (job === 'held') {
      if (held !== null) await noteHolder(held)
      return waiting.note(id)
    }
    events.publish('job:changed', id)
    if (job.cancelRequestedAt !== null) stopping.stop('CANCELLED')
    const deadline = deadlineOf(job)
    const limit = deadline === null ? undefined : after(deadline - Date.now(), () => stopping.stop('OVERDUE'))
    const transitions = createTransitions({ db, events }, id)
    const lease = createJobLease({
      ...{ db, events, serverId, transitions, jobId: id, held },
      changed: (lease) => noteLease(run, lease),
      sayWaiting: async (reason) => waitingWords(reason, await readQueueSettings(db)),
    })
    const end = await runJob({ job, transitions, kinds: kinds.tasks, lease, persistence, stopping, runTask, log })
    clearTimeout(limit)
    if (end.nextTryAt === null) return finish(job, transitions, end)
    await putBack(job, transitions, end.nextTryAt)
    waiting.note(id)
  }

  const begin = async (job: WaitingJob, why: Stop | null) => {
    const { id, kind, limit } = job
    // It is just about to give up another attempt to begin.
    if (runs.has(id)) return
    const { promise: done, resolve } = Promise.withResolvers<void>()
    const stopping = createStopping()
    if (why !== null) stopping.stop(why)
    // What is left of a job that ends is done at once: it does not open the repository.
    const lease = why === null && job.isLeasedAtOnce ? job.lease : null
    const run: Run = { kind, limit, lease, stopping, done }
    waiting.remove(id)
    runs.set(id, run)
    noteServed(firstRepository(job))
    announceQueue()
    try {
      await goThrough(run, job)
    } catch (error) {
      log.error({ err: error, job: id }, 'a job could not be begun; trying again')
      after(retryInterval, () => take(id))
    } finally {
      runs.delete(id)
      resolve()
      announceQueue()
      dispatch()
    }
  }

  const dispatchOnce = async () => {
    await waiting.refresh()
    const settings = await readQueueSettings(db)
    if (isStopping) return
    const limits = { ...settings, isPaused: settings.pausedAt !== null }
    const now = Date.now()
    const choice = chooseJobs({ waiting: waiting.jobs, running: runs.values(), limits, servedAt, heldElsewhere, now })
    for (const { job, why } of choice.end) void begin(job, why)
    for (const job of choice.begin) void begin(job, null)
    clearTimeout(alarm)
    if (choice.lookAgainAt !== null) alarm = after(Math.min(choice.lookAgainAt - now, longestWait), dispatch)
    await waiting.show(choice.reasons, settings)
  }

  const dispatchWhileDue = async () => {
    while (isDue && !isStopping) {
      isDue = false
      // Records in a file answer without letting anybody else work.
      await othersTurn()
      try {
        await dispatchOnce()
      } catch (error) {
        log.error({ err: error }, 'the jobs that wait cannot be looked at; trying again')
        clearTimeout(alarm)
        alarm = after(retryInterval, dispatch)
      }
    }
    dispatching = null
  }

  /** To be called whenever something has happened that a job may wait for. */
  const dispatch = () => {
    isDue = true
    dispatching ??= dispatchWhileDue()
  }

  const take = (jobId: string) => {
    if (runs.has(jobId)) return
    waiting.note(jobId)
    announceQueue()
    dispatch()
  }

  return {
    take,
    async find() {
      for (const id of await waiting.find()) take(id)
    },
    look: dispatch,
    cancel(jobId) {
      runs.get(jobId)?.stopping.stop('CANCELLED')
      take(jobId)
    },
    async stop(grace) {
      isStopping = true
      clearTimeout(alarm)
      const over = Promise.all([...runs.values()].map(({ done }) => done))
      if (grace > 0) await pTimeout(over, { milliseconds: grace, message: false })
      persistence.stop()
      for (const { stopping } of runs.values()) stopping.stop('INTERRUPTED')
      await over
      await dispatching
      clearTimeout(announcement)
    },
  }
}
