import type { Job, Repository, Task } from '../../prisma/generated/client/client.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'
import type { Log } from '../log.ts'
import { LineTooLong } from '../process/lines.ts'
import { type RepositoryEvent, repositoryEvent } from '../repositories/state.ts'
import type { Secret } from '../secrets/secret.ts'
import { SealedDamaged, SealedWithOtherKey } from '../secrets/vault.ts'
import type { BorgRun } from './borg-run.ts'
import { createBorgCheck } from './borg-version.ts'
import { readDoneTasks, whatChanged, whatMayBeLeft } from './changes.ts'
import { checkIdentity, type Refusal } from './identity.ts'
import { openJournal } from './journal.ts'
import { sayLeftRunning } from './left-running.ts'
import { eventOf, type Try } from './opening.ts'
import { isFailure, type Outcome } from './outcome.ts'
import type { Outputs } from './output.ts'
import type { Persist, Persistence } from './persistence.ts'
import { readRepositoryConfig } from './repository-files.ts'
import { doesNotAnswer, silentOf } from './silent.ts'
import type { StepResult } from './step.ts'
import { looksAtRepository, opensRepository, runsAfterFailure, type Steps } from './steps.ts'
import { after, durationInWords, type Stopping, stopWords } from './stopping.ts'
import { borgForTask } from './task-borg.ts'

/** What tasks are run with. */
export interface TaskOptions {
  readonly db: Database
  readonly events: Events
  readonly log: Log
  readonly outputs: Outputs
  readonly persistence: Persistence
  readonly steps: Steps
  /** The environment that programs start from. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute path of the folder that holds everything Borgitory keeps. */
  readonly dataFolder: string
  /** What no backup may hold, where it is now. */
  readonly findOwnPaths: () => Promise<readonly string[]>
  readonly borgOf: (repository: Repository) => BorgRepository
  readonly openKey: (repository: Repository) => Secret
  /** Opens what was sealed for a purpose. */
  readonly open: (sealed: string, purpose: string) => Secret
}

/** How a try of a task ended. */
export type TaskEnd = Outcome & Pick<StepResult, 'isRepositoryOpened'>

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
export const timeLimitOf = ({ kind, timeLimit }: Pick<Task, 'kind' | 'timeLimit'>, soFar: Outcome): number | null =>
  timeLimit ?? (runsAfterFailure.has(kind) && isFailure(soFar) ? lastTime : null)

/** Runs one try of a task to its end, or until it is stopped. Never throws. */
export type RunTask = (job: Job, task: Task, soFar: Outcome, stopping: Stopping) => Promise<TaskEnd>

export const createTaskRunner = (options: TaskOptions): RunTask => {
  const { db, events, log, outputs, persistence, steps, environment, dataFolder, findOwnPaths, borgOf, openKey, open } =
    options
  const checkBorg = createBorgCheck(environment)

  /** Writes down what has happened to the repository of a task, as soon as the records take it. */
  const note = async (persist: Persist, { id }: Repository, event: RepositoryEvent) => {
    const { count } = await persist(async () => repositoryEvent(db, { id }, event))
    if (count > 0) events.publish('repository:changed', id)
  }

  const refuse = async (
    persist: Persist,
    repository: Repository,
    task: Task,
    refusal: Refusal,
  ): Promise<StepResult> => {
    const { doubt, isAboutJob } = refusal
    const problem = `${refusal.problem} ${whatChanged(null, await readDoneTasks(db, task))}`
    if (!isAboutJob) await note(persist, repository, { type: 'NOT_OPENED', problem, doubt })
    return { state: 'FAILED', problem, isRepositoryOpened: false }
  }

  /** Whether what is at the place of the repository is that, and answers; null where it is and does. */
  const check = async (repository: Repository, job: Job, signal: AbortSignal): Promise<Refusal | null> => {
    const silent = await silentOf([repository.location], { opens: true, signal })
    if (silent.length === 0) return checkIdentity(db, repository, job)
    const refusal = { problem: `${repository.location} ${doesNotAnswer}`, doubt: null }
    // Whoever was stopped meanwhile has found nothing out.
    return signal.aborted ? { ...refusal, isAboutJob: true } : refusal
  }

  /** Writes down what a task tells of its repository. */
  const noteOpening = async (persist: Persist, repository: Repository, tried: Omit<Try, 'foundBorgId'>) => {
    const config = tried.result.state === 'FAILED' ? await readRepositoryConfig(repository.location) : null
    const event = eventOf({ ...tried, foundBorgId: config?.id ?? null })
    if (event !== null) await note(persist, repository, event)
  }

  const runStep = async (job: Job, task: Task, soFar: Outcome, signal: AbortSignal): Promise<StepResult> => {
    const repository = await db.repository.findUniqueOrThrow({ where: { id: job.repositoryId ?? '' } })
    const { id: taskId, attempt, retries, lineCount } = task
    const persist = persistence.for({ job: job.id, task: taskId })
    const journal = openJournal({ db, events, outputs, persist }, { jobId: job.id, taskId, lineCount })
    const borg = borgOf(repository)
    const startBorg = borgForTask({ db, checkBorg, task, repository, borg, journal, persist, signal, environment })
    let run: BorgRun | null = null
    try {
      if (attempt > 1) await journal.output([`--- Try ${attempt} of ${retries + 1} ---`])
      const refusal = looksAtRepository(task.kind) ? await check(repository, job, signal) : null
      if (refusal !== null) return await refuse(persist, repository, task, refusal)
      const result = await steps[task.kind]({
        db,
        job,
        task,
        repository,
        journal,
        persist,
        soFar,
        signal,
        environment,
        dataFolder,
        findOwnPaths,
        open,
        borg,
        openKey: () => openKey(repository),
        runBorg: async (...command) => {
          run = await startBorg(...command)
          return run
        },
        whatChanged: async () => whatChanged(null, await readDoneTasks(db, task)),
      })
      if (opensRepository(task.kind) && !signal.aborted) {
        await noteOpening(persist, repository, { kind: task.kind, result, run })
      }
      return result
    } finally {
      await journal.close()
    }
  }

  return async (job, task, soFar, stopping) => {
    const { signal, over } = stopping.watch(task)
    const limit = new AbortController()
    const timeLimit = timeLimitOf(task, soFar)
    const timer = timeLimit === null ? undefined : after(timeLimit * 1000, () => limit.abort())
    const end = AbortSignal.any([signal, limit.signal])
    const unforeseen = (error: unknown): StepResult => {
      log.error({ err: error, job: job.id, task: task.id }, 'a task failed unexpectedly')
      return { state: 'FAILED', problem: unexpectedProblem(error), isRepositoryOpened: true }
    }
    try {
      const { leftRunning = [], ...result } = await runStep(job, task, soFar, end).catch(unforeseen)
      if (result.state !== 'FAILED') return result
      const left = sayLeftRunning(task.kind, leftRunning)
      if (left !== '') log.error({ job: job.id, task: task.id, pids: leftRunning }, 'processes could not be ended')
      if (signal.aborted && stopping.why !== null) {
        const { state, running } = stopWords[stopping.why]
        return { ...result, state, problem: `${running(job)} ${whatMayBeLeft(task.kind)}${left}` }
      }
      if (!limit.signal.aborted) return result
      const rest = opensRepository(task.kind) ? ` ${whatMayBeLeft(task.kind)}` : ''
      const problem = `Stopped after the ${durationInWords(timeLimit ?? 0)} that it may take.${rest}${left}`
      return { ...result, problem }
    } finally {
      clearTimeout(timer)
      over()
    }
  }
}
