import { hostname } from 'node:os'
import {
  Agenda,
  type AgendaBackend,
  type DrainOptions,
  type DrainResult,
  type JobNotification,
  type JobParameters,
  type JobRepository,
  type JobRepositoryOptions,
  type JobStateNotification,
  type JobWithId,
} from 'agenda'
import type { Log } from '../log.ts'

/** The runner says how much goes on at once. An entry that waits here would lose its lock. */
const unlimited = 10_000

export interface AgendaOptions {
  readonly backend: AgendaBackend
  readonly log: Log
  /** How often the queue is looked through for what nobody announced, in milliseconds. */
  readonly lookEvery?: number
  /**
   * After how many milliseconds another server may take an entry whose holder died. Agenda keeps what it needs to watch
   * over an entry in memory for half of this time after the entry is done, so longer is not better.
   */
  readonly lockLifetime?: number
}

/** Milliseconds after the time of an entry at which Agenda is reminded of it. */
const reminderDelay = 5

interface Work {
  readonly renewal: NodeJS.Timeout
  readonly end: PromiseWithResolvers<void>
}

/**
 * Agenda, used only to start things: an entry that is done or has failed for good leaves no trace in the queue, and one
 * that is at work keeps its lock for as long as its handler takes.
 */
class Triggers extends Agenda {
  readonly #backend: AgendaBackend
  readonly #log: Log
  readonly #lookEvery: number
  readonly #lockLifetime: number
  /** The entries whose handler is at work. */
  readonly #working = new Map<string, Work>()
  /** What is being written about entries: one that is about to start is only known by this. */
  readonly #writing = new Set<Promise<unknown>>()
  #isStopping = false
  /** Whether there may be entries that are done: removing one has failed, or a server has ended over it. */
  #mayHaveDone = true
  /** What went wrong last, until an entry could be looked for again: it is logged once. */
  #trouble: string | null = null
  #connecting: Promise<void> | null = null

  constructor({ backend, log, lookEvery = 5_000, lockLifetime = 60_000 }: AgendaOptions) {
    super({
      backend,
      name: `${hostname()}:${process.pid}`,
      processEvery: lookEvery,
      defaultLockLifetime: lockLifetime,
      defaultConcurrency: unlimited,
      maxConcurrency: unlimited,
    })
    this.#backend = backend
    this.#log = log
    this.#lookEvery = lookEvery
    this.#lockLifetime = lockLifetime
    this.db = this.#guard(backend.repository)
    this.on('error', (error) => {
      if (error.message === this.#trouble) return
      this.#trouble = error.message
      this.#log.error({ err: error }, 'The queue met a problem')
    })
    this.on('fail', (error: unknown, job: JobWithId | JobStateNotification) => {
      if ('attrs' in job) this.#log.error({ err: error, entry: job.attrs.name, id: job.attrs._id }, 'An entry failed')
    })
    this.on('start', (job: JobWithId | JobStateNotification) => {
      if ('attrs' in job) this.#begin(job)
    })
    this.on('complete', (job: JobWithId | JobStateNotification) => {
      if ('attrs' in job) void this.#end(job)
    })
  }

  override start(): Promise<void> {
    this.#isStopping = false
    return super.start()
  }

  override stop(closeConnection?: boolean): Promise<void> {
    this.#isStopping = true
    return super.stop(closeConnection)
  }

  /**
   * Stops, and waits for the handlers that are at work until they are done or `timeout` (milliseconds) or `signal` ends
   * the wait. Unlike Agenda's own it starts nothing more while it waits, and frees what it had locked and not started.
   */
  override async drain(options: number | (DrainOptions & { closeConnection?: boolean }) = {}): Promise<DrainResult> {
    const { timeout, signal, closeConnection } = typeof options === 'number' ? { timeout: options } : options
    await this.stop(false)
    await Promise.allSettled(this.#writing)
    const before = this.#working.size
    const ended = Promise.all([...this.#working.values()].map(({ end }) => end.promise))
    const interruption = Promise.withResolvers<Pick<DrainResult, 'timedOut' | 'aborted'>>()
    const abort = () => interruption.resolve({ timedOut: false, aborted: true })
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => interruption.resolve({ timedOut: true, aborted: false }), timeout)
    signal?.addEventListener('abort', abort)
    if (signal?.aborted) abort()
    const reason = await Promise.race([ended.then(() => ({ timedOut: false, aborted: false })), interruption.promise])
    signal?.removeEventListener('abort', abort)
    clearTimeout(timer)
    const running = this.#working.size
    if (closeConnection ?? this.#backend.ownsConnection ?? true) await this.#backend.disconnect()
    return { completed: before - running, running, ...reason }
  }

  #guard(repository: JobRepository): JobRepository {
    const note = (error: Error) => {
      this.emit('error', error)
    }
    const guarded: Pick<JobRepository, 'getNextJobToRun' | 'saveJob' | 'saveJobState' | 'unlockJob' | 'unlockJobs'> = {
      // Whoever saves an entry may know another way and let it pass.
      async saveJob<Data>(job: JobParameters<Data>, options: JobRepositoryOptions | undefined) {
        try {
          return await repository.saveJob(job, options)
        } catch (error) {
          if (error instanceof Error) note(error)
          throw error
        }
      },
      getNextJobToRun: (...query) => this.#write(this.#take(repository, query)),
      saveJobState: (...state) => this.#write(repository.saveJobState(...state)),
      // Agenda does not wait for this, so a failure would end the process.
      unlockJob: async (entry) => {
        await repository.unlockJob(entry).catch(note)
      },
      // Nor may a queue that is gone keep it from stopping: the locks expire.
      unlockJobs: async (ids) => {
        await repository.unlockJobs(ids).catch(note)
      },
    }
    return Object.assign(Object.create(repository) as JobRepository, guarded)
  }

  /** Makes the tables, where somebody has removed them. */
  async #reconnect(repository: JobRepository) {
    this.#connecting ??= repository.connect().finally(() => {
      this.#connecting = null
    })
    await this.#connecting
  }

  /** Agenda goes on filling its queue while it stops, and would leave locked what it takes. */
  async #take(repository: JobRepository, query: Parameters<JobRepository['getNextJobToRun']>) {
    if (this.#trouble !== null) await this.#reconnect(repository)
    const entry = await repository.getNextJobToRun(...query)
    if (this.#trouble !== null) this.#log.info('The queue works again')
    this.#trouble = null
    if (this.#mayHaveDone && !this.#isStopping) void this.#write(this.#removeDone())
    if (!entry?._id) return entry
    if (!this.#isStopping) {
      this.#remind(entry)
      return entry
    }
    await repository.unlockJobs([entry._id])
    return undefined
  }

  /**
   * Agenda sets one timer for an entry that is due soon. Timers go off up to a millisecond early, and also where the clock
   * was set back: it would find the entry not due, and see it again only when it next looks the queue through.
   */
  #remind(entry: JobParameters) {
    const { _id: jobId, name: jobName, nextRunAt } = entry
    const wait = Number(nextRunAt) - Date.now()
    // One that is further away (its holder died) Agenda frees again.
    if (!jobId || wait <= 0 || wait > this.#lookEvery) return
    const remind = () => {
      if (this.#isStopping) return
      if (Date.now() < Number(nextRunAt)) this.#remind(entry)
      else this.#announce({ jobId, jobName, nextRunAt, priority: entry.priority, timestamp: new Date() })
    }
    setTimeout(remind, wait + reminderDelay).unref()
  }

  #announce(notification: JobNotification) {
    const { notificationChannel } = this.#backend
    if (notificationChannel?.state !== 'connected') return
    notificationChannel.publish(notification).catch((error: unknown) => this.emit('error', error))
  }

  async #removeDone() {
    this.#mayHaveDone = false
    try {
      for (const state of ['completed', 'failed'] as const) {
        const { jobs } = await this.db.queryJobs({ state })
        const ids = jobs.filter(({ nextRunAt }) => !nextRunAt).map(({ _id }) => _id)
        if (ids.length > 0) await this.db.removeJobs({ ids })
      }
    } catch (error) {
      this.#mayHaveDone = true
      this.#log.error({ err: error }, 'Entries that are done were not removed')
    }
  }

  #write<T>(result: Promise<T>): Promise<T> {
    const forget = () => {
      this.#writing.delete(result)
    }
    this.#writing.add(result)
    result.then(forget, forget)
    // The same promise, so that Agenda goes on before whoever waits for all that is being written does.
    return result
  }

  #begin(job: JobWithId): void {
    const renew = () => {
      // Agenda has freed it already and is about to say that it is complete.
      if (!job.attrs.lockedAt) return
      job
        .touch(job.attrs.progress)
        .catch((error: unknown) =>
          this.#log.warn(
            { err: error, entry: job.attrs.name, id: job.attrs._id },
            'The lock of an entry was not renewed',
          ),
        )
    }
    this.#working.set(job.attrs._id, {
      renewal: setInterval(renew, this.#lockLifetime / 3),
      end: Promise.withResolvers(),
    })
  }

  async #end(job: JobWithId): Promise<void> {
    const work = this.#working.get(job.attrs._id)
    clearInterval(work?.renewal)
    try {
      // Agenda's `removeOnComplete` would leave those that failed.
      if (!job.attrs.nextRunAt) await this.db.removeJobs({ id: job.attrs._id })
    } catch (error) {
      this.#mayHaveDone = true
      this.#log.error({ err: error, entry: job.attrs.name, id: job.attrs._id }, 'An entry that is done was not removed')
    }
    this.#working.delete(job.attrs._id)
    work?.end.resolve()
  }
}

/**
 * Agenda, ready for definitions. `now()` starts an entry at once; looking the queue through is only for what comes due
 * later and what other servers add. What goes wrong inside, and what a handler throws, is logged. Call `start()`, and
 * in the end `drain()`.
 */
export const createAgenda = (options: AgendaOptions): Agenda => new Triggers(options)
