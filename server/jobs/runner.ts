import { setTimeout as delay } from 'node:timers/promises'
import type { Job, Repository, RunState, Task } from '../../prisma/generated/client/client.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'
import type { Log } from '../log.ts'
import { commandLine } from '../process/command.ts'
import { LineTooLong } from '../process/lines.ts'
import type { Secret } from '../secrets/secret.ts'
import { SealedDamaged, SealedWithOtherKey } from '../secrets/vault.ts'
import { runBorg } from './borg-run.ts'
import { createBorgCheck } from './borg-version.ts'
import { openJournal } from './journal.ts'
import { leaseHolder, releaseLease, takeLease } from './leases.ts'
import { describeLock, readLock } from './locks.ts'
import type { Outputs } from './output.ts'
import type { StepContext, StepResult } from './step.ts'
import { opensRepository, runsAfterFailure, steps } from './steps.ts'

export interface RunnerOptions {
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly outputs: Outputs
  readonly serverId: string
  /** The environment that borg starts from. */
  readonly environment: Readonly<Record<string, string>>
  readonly borgOf: (repository: Repository) => BorgRepository
  readonly openKey: (repository: Repository) => Secret
  /** Has a job looked at again that waits. */
  readonly enqueue: (jobId: string) => Promise<void>
}

/** Why a running job is being ended from outside. */
type Stop = 'CANCELLED' | 'INTERRUPTED' | 'OVERDUE'

/** Runs jobs, each at most once at a time. */
export interface Runner {
  /** Runs a job to its end as soon as there is a place, or leaves it `QUEUED` where another job writes to its repository. */
  take(jobId: string): void
  /** Stops a job that runs here; false where none of that id does. */
  cancel(jobId: string): boolean
  /** Begins nothing any more, gives what runs `grace` milliseconds to end, interrupts the rest, and resolves when all is recorded. */
  stop(grace: number): Promise<void>
}

interface StopWords {
  /** What the task that was at work becomes. */
  readonly state: RunState
  readonly running: (job: Job) => string
  readonly waiting: string
}

const durationInWords = (seconds: number): string => {
  const [count, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const stopWords: Record<Stop, StopWords> = {
  CANCELLED: {
    state: 'CANCELLED',
    running: () => 'Cancelled. Archives made before are whole.',
    waiting: 'Not begun: the job was cancelled.',
  },
  INTERRUPTED: {
    state: 'INTERRUPTED',
    running: () => 'The server was stopped while this was running. Archives made before are whole.',
    waiting: 'Not begun: the server was stopped before.',
  },
  OVERDUE: {
    state: 'FAILED',
    running: ({ maxDuration }) =>
      `Stopped after the ${durationInWords(maxDuration ?? 0)} that its schedule allows. Archives made before are whole.`,
    waiting: 'Not begun: the job had taken longer than its schedule allows.',
  },
}

type Ended = Omit<StepResult, 'state'> & { readonly state: RunState }

/** From best to worst; a job ends as its worst task. */
const severity: readonly RunState[] = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'FAILED', 'CANCELLED', 'INTERRUPTED']

const worse = (a: Ended, b: Ended): Ended => ({
  ...(severity.indexOf(b.state) > severity.indexOf(a.state) ? b : a),
  isRepositoryOpened: a.isRepositoryOpened && b.isRepositoryOpened,
})

const isFailure = ({ state }: Ended) => severity.indexOf(state) >= severity.indexOf('FAILED')

const unexpectedProblem = (error: unknown) => {
  if (/disk is full|ENOSPC/.test(String(error))) {
    return 'There is no space left for Borgitory’s own records. Archives made before are whole.'
  }
  if (error instanceof SealedWithOtherKey || error instanceof SealedDamaged) return error.message
  if (error instanceof LineTooLong) return `Borg was ended: ${error.message}. Archives made before are whole.`
  return 'Something unexpected happened; the log of the server says what. Archives made before are whole.'
}

/** A job that runs here. */
interface Run {
  stop: Stop | null
  /** Ends the task that runs now. */
  controller: AbortController
  readonly done: Promise<void>
}

/** Jobs that run at the same time; those of one repository wait for each other besides. */
const concurrency = 4

/** Milliseconds between two attempts to write down how a job ended, where the records cannot be written. */
const retryInterval = 2_000

export const createRunner = (options: RunnerOptions): Runner => {
  const { db, events, log, outputs, serverId, environment, borgOf, openKey, enqueue } = options
  const checkBorg = createBorgCheck(environment)
  const runs = new Map<string, Run>()
  /** Jobs that wait for a place, in order. */
  const waiting = new Set<string>()
  let isStopping = false

  /** Leaves the job waiting for the one that writes to its repository. False where that is over already. */
  const wait = async (job: Job, repositoryId: string): Promise<boolean> => {
    const holder = await leaseHolder(db, repositoryId)
    if (holder === null) return false
    const kind = holder.job.kind.toLowerCase().replaceAll('_', ' ')
    await db.job.updateMany({
      where: { id: job.id, state: { in: ['PENDING', 'QUEUED'] } },
      data: { state: 'QUEUED', waitingFor: `another job of this repository to end (${kind})` },
    })
    events.publish('job:changed', job.id)
    return (await leaseHolder(db, repositoryId)) !== null
  }

  const runBorgFor =
    ({
      task,
      repository,
      journal,
      signal,
    }: Pick<StepContext, 'task' | 'repository' | 'journal'> & { signal: AbortSignal }): StepContext['runBorg'] =>
    async (command, listeners) => {
      const problem = await checkBorg(signal)
      if (problem !== null) {
        const failure = { message: `${problem} Nothing was changed.`, isRepositoryOpened: false }
        return { exitCode: null, failure, hasWarnings: false, errors: [] }
      }
      await db.task.update({
        where: { id: task.id },
        data: { commandLine: commandLine(command) },
        select: { id: true },
      })
      const lock = opensRepository.has(task.kind) ? await readLock(repository.location) : null
      if (lock !== null) journal.progress({ message: `Waits up to ${repository.lockWait} s: ${describeLock(lock)}.` })
      const ended = await runBorg(command, { ...listeners, journal, signal, environment })
      await db.task.update({ where: { id: task.id }, data: { exitCode: ended.exitCode }, select: { id: true } })
      if (ended.failure === null || !ended.errors.some(({ messageId }) => messageId === 'LockTimeout')) return ended
      const holder = (await readLock(repository.location)) ?? lock
      const who = holder === null ? '' : `: ${describeLock(holder)}`
      const message = `Waited ${repository.lockWait} s for the lock of the repository${who}. Nothing was changed.`
      return { ...ended, failure: { ...ended.failure, message } }
    }

  const runStep = async (job: Job, task: Task, run: Run): Promise<Ended> => {
    const { signal } = run.controller
    const repository = await db.repository.findUniqueOrThrow({ where: { id: job.repositoryId ?? '' } })
    const journal = openJournal({ db, events, outputs }, { jobId: job.id, taskId: task.id })
    const result = await steps[task.kind]({
      db,
      job,
      task,
      repository,
      journal,
      borg: borgOf(repository),
      openKey: () => openKey(repository),
      runBorg: runBorgFor({ task, repository, journal, signal }),
    }).finally(() => journal.close())
    if (!signal.aborted || run.stop === null || result.state !== 'FAILED') return result
    return { ...result, state: stopWords[run.stop].state, problem: stopWords[run.stop].running(job) }
  }

  const unexpected = (error: unknown, job: Job, task: Task): Ended => {
    log.error({ err: error, job: job.id, task: task.id }, 'a task failed unexpectedly')
    return { state: 'FAILED', problem: unexpectedProblem(error), isRepositoryOpened: true }
  }

  const finishTask = async (task: Task, { state, problem }: Pick<Ended, 'state' | 'problem'>) => {
    await db.task.update({
      where: { id: task.id },
      data: { state, problem, finishedAt: new Date(), currentPath: null, message: null, bytesPerSecond: null },
      select: { id: true },
    })
    events.publish('task:output', task.id)
    events.publish('job:changed', task.jobId)
  }

  const runTasks = async (job: Job & { tasks: Task[] }, run: Run): Promise<Ended> => {
    let ended: Ended = { state: 'COMPLETED', problem: null, isRepositoryOpened: true }
    let hasBegun = false
    for (const task of job.tasks) {
      run.controller = new AbortController()
      if (run.stop) {
        const { state, running } = stopWords[run.stop]
        ended = worse(ended, { state, problem: running(job), isRepositoryOpened: hasBegun })
      }
      const hasChance = ended.isRepositoryOpened && run.stop !== 'INTERRUPTED' && runsAfterFailure.has(task.kind)
      if (isFailure(ended) && !hasChance) {
        const problem = run.stop ? stopWords[run.stop].waiting : 'Not begun: the task before it failed.'
        await finishTask(task, { state: run.stop === 'INTERRUPTED' ? 'INTERRUPTED' : 'CANCELLED', problem })
        continue
      }
      await db.task.update({
        where: { id: task.id },
        data: { state: 'RUNNING', startedAt: new Date() },
        select: { id: true },
      })
      events.publish('job:changed', job.id)
      hasBegun = true
      const result = await runStep(job, task, run).catch((error: unknown) => unexpected(error, job, task))
      await finishTask(task, result)
      ended = worse(ended, result)
    }
    return ended
  }

  const claim = async (job: Job): Promise<boolean> => {
    const { count } = await db.job.updateMany({
      where: { id: job.id, state: { in: ['PENDING', 'QUEUED'] } },
      data: { state: 'RUNNING', startedAt: new Date(), serverId, waitingFor: null },
    })
    events.publish('job:changed', job.id)
    return count > 0
  }

  const finishJob = async (job: Job, repositoryId: string, { state, problem }: Pick<Ended, 'state' | 'problem'>) => {
    const now = new Date()
    await db.$transaction([
      db.task.updateMany({
        where: { jobId: job.id, finishedAt: null },
        data: { state: 'FAILED', finishedAt: now, problem },
      }),
      db.job.update({ where: { id: job.id }, data: { state, problem, finishedAt: now }, select: { id: true } }),
      db.repository.updateMany({ where: { id: repositoryId, state: 'PENDING' }, data: { state: 'FAILED', problem } }),
      db.lease.deleteMany({ where: { jobId: job.id } }),
    ])
    events.publish('job:changed', job.id)
    events.publish('repository:changed', repositoryId)
  }

  /** Has the job looked at that waited longest for this repository. */
  const wakeNext = async (repositoryId: string) => {
    // Without an order: with one, SQLite walks the whole history of the repository.
    const waiting = await db.job.findMany({
      where: {
        repositoryId,
        state: { in: ['PENDING', 'QUEUED'] },
        tasks: { some: { kind: { in: [...opensRepository] } } },
      },
      select: { id: true },
    })
    const [next] = waiting.map(({ id }) => id).sort()
    if (next !== undefined && !isStopping) await enqueue(next)
  }

  /** Tries again and again where the records cannot be written, as with a full disk; once more only where the server stops. */
  const untilWritten = async (jobId: string, write: () => Promise<void>) => {
    while (!isStopping) {
      try {
        return await write()
      } catch (error) {
        log.error({ err: error, job: jobId }, 'the end of a job cannot be written down; trying again')
        await delay(retryInterval)
      }
    }
    await write()
  }

  const runJob = async (jobId: string, run: Run) => {
    const job = await db.job.findUnique({ where: { id: jobId }, include: { tasks: { orderBy: { position: 'asc' } } } })
    if (job === null || job.repositoryId === null) return
    const { repositoryId } = job
    // It was cancelled after it had been woken: the turn is the next one's.
    if (job.state !== 'PENDING' && job.state !== 'QUEUED') return wakeNext(repositoryId)
    const needsLease = job.tasks.some(({ kind }) => opensRepository.has(kind))
    while (needsLease && !(await takeLease(db, { repositoryId, jobId, serverId }))) {
      if (await wait(job, repositoryId)) return
    }
    let limit: NodeJS.Timeout | undefined
    try {
      if (!(await claim(job))) return
      if (job.maxDuration !== null) limit = setTimeout(() => stop(run, 'OVERDUE'), job.maxDuration * 1000)
      const ended = await runTasks(job, run).catch((error: unknown): Ended => {
        log.error({ err: error, job: jobId }, 'a job failed unexpectedly')
        return {
          state: run.stop ? stopWords[run.stop].state : 'FAILED',
          problem: unexpectedProblem(error),
          isRepositoryOpened: true,
        }
      })
      await untilWritten(jobId, () => finishJob(job, repositoryId, ended))
    } finally {
      clearTimeout(limit)
      if (needsLease) {
        await untilWritten(jobId, () => releaseLease(db, jobId))
        await untilWritten(jobId, () => wakeNext(repositoryId))
      }
    }
  }

  const stop = (run: Run, why: Stop) => {
    run.stop ??= why
    run.controller.abort()
  }

  const begin = async (jobId: string) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const run: Run = { stop: null, controller: new AbortController(), done: promise }
    runs.set(jobId, run)
    try {
      await runJob(jobId, run)
    } catch (error) {
      log.error({ err: error, job: jobId }, 'a job could not be run')
    } finally {
      runs.delete(jobId)
      resolve()
      beginWaiting()
    }
  }

  const beginWaiting = () => {
    for (const jobId of waiting) {
      if (isStopping || runs.size >= concurrency) return
      waiting.delete(jobId)
      if (!runs.has(jobId)) void begin(jobId)
    }
  }

  const showWaiting = async (jobId: string) => {
    await db.job.updateMany({
      where: { id: jobId, state: { in: ['PENDING', 'QUEUED'] } },
      data: { state: 'QUEUED', waitingFor: `one of the ${concurrency} jobs that run to end` },
    })
    events.publish('job:changed', jobId)
  }

  return {
    take(jobId) {
      waiting.add(jobId)
      beginWaiting()
      if (waiting.has(jobId)) {
        showWaiting(jobId).catch((error: unknown) =>
          log.error({ err: error, job: jobId }, 'a job could not be marked as waiting'),
        )
      }
    },
    cancel(jobId) {
      const run = runs.get(jobId)
      if (run === undefined) return false
      stop(run, 'CANCELLED')
      return true
    },
    async stop(grace) {
      isStopping = true
      const over = Promise.all([...runs.values()].map(({ done }) => done))
      const controller = new AbortController()
      await Promise.race([over, delay(grace, undefined, { signal: controller.signal }).catch(() => {})])
      controller.abort()
      for (const run of runs.values()) stop(run, 'INTERRUPTED')
      await over
    },
  }
}
