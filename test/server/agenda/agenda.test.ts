import { once } from 'node:events'
import type { Agenda } from 'agenda'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { type AgendaOptions, createAgenda } from '../../../server/agenda/agenda.ts'
import { createEmbeddedBackend } from '../../../server/agenda/embedded/backend.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { poll } from '../../support/poll.ts'
import { openRecords, recordsFile } from '../../support/records.ts'

interface Line {
  readonly msg: string
  readonly err?: { readonly message: string }
  readonly entry?: string
}

const createQueue = async ({ file = recordsFile(), ...options }: Partial<AgendaOptions> & { file?: string } = {}) => {
  const backend = createEmbeddedBackend(await openRecords(file))
  const lines: Line[] = []
  const log = pino({ base: undefined }, { write: (line) => void lines.push(JSON.parse(line)) })
  const agenda = createAgenda({ backend, log, ...options })
  cleanUpAfter(() => agenda.stop())
  return { agenda, backend, lines, file, store: backend.repository }
}

/** Resolves when all that `agenda` has begun is done and cleared away. */
const settle = async (agenda: Agenda) => {
  await agenda.drain()
  await agenda.start()
}

describe('starting', () => {
  it('should start an entry at once and leave nothing of it', async () => {
    // Whatever waits for the next look waits longer than a test may take.
    const { agenda, store } = await createQueue({ lookEvery: 3_600_000 })
    agenda.define<{ jobId: string }>('run job', async (entry) => {
      expect(entry.attrs.data).toEqual({ jobId: '1' })
    })
    await agenda.start()
    for (let count = 0; count < 21; count++) {
      const complete = once(agenda, 'complete')
      await agenda.now('run job', { jobId: '1' })
      await complete
    }
    await settle(agenda)
    expect((await store.queryJobs()).total).toBe(0)
  })

  it('should start what was announced before the start, and what another server added', async () => {
    const { agenda, file } = await createQueue({ lookEvery: 50 })
    const other = await createQueue({ file })
    const started: unknown[] = []
    agenda.define('run job', async (entry) => {
      started.push(entry.attrs.data)
    })
    await agenda.now('run job', 1)
    const first = once(agenda, 'complete')
    await agenda.start()
    await first
    const second = once(agenda, 'complete')
    await other.agenda.now('run job', 2)
    await second
    expect(started).toEqual([1, 2])
  })

  it('should start an entry in time although the timer for it goes off early', async () => {
    const { agenda } = await createQueue({ lookEvery: 60_000 })
    const started = Promise.withResolvers<number>()
    agenda.define('run job', async () => started.resolve(Date.now()))
    await agenda.start()
    const inTime = globalThis.setTimeout
    let early = 0
    const timers = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, wait?: number) => {
      const isForEntry = String(run).includes('jobProcessing')
      if (isForEntry) early += 1
      return inTime(run, Number(wait) - (isForEntry ? 20 : 0))
    }) as typeof setTimeout)
    cleanUpAfter(() => timers.mockRestore())
    const at = Date.now() + 300
    await agenda.schedule(new Date(at), 'run job')
    expect((await started.promise) - at).toBeLessThan(30_000)
    expect(early).toBe(1)
  })

  it('should remove what was done and could not be removed then, also by a server that is gone', async () => {
    const { agenda, store, file } = await createQueue({ lookEvery: 20 })
    const { removeJobs } = store
    Object.assign(store, { removeJobs: () => Promise.reject(new Error('the queue is gone')) })
    agenda.define('run job', async () => {})
    agenda.define('fail', async () => {
      throw new Error('the disk is full')
    })
    await agenda.start()
    for (const name of ['run job', 'fail']) {
      const complete = once(agenda, 'complete')
      await agenda.now(name, {})
      await complete
    }
    await settle(agenda)
    const later = new Date(Date.now() + 3_600_000)
    await agenda.schedule(later, 'run job', {})
    expect((await store.queryJobs()).total).toBe(3)
    const isClear = async () => (await store.queryJobs()).total === 1

    Object.assign(store, { removeJobs })
    await poll('it removes them as soon as it can', isClear)
    await agenda.stop()
    await store.saveJob({ name: 'run job', type: 'normal', priority: 0, nextRunAt: null, data: {} }, undefined)
    expect(await isClear()).toBe(false)
    const other = await createQueue({ file })
    other.agenda.define('run job', async () => {})
    await other.agenda.start()
    await poll('the next server removes it', isClear)
    expect((await store.queryJobs()).jobs).toMatchObject([{ nextRunAt: later }])
  })

  it('should keep what repeats', async () => {
    const { agenda, store } = await createQueue()
    agenda.define('clean up', async () => {})
    const complete = once(agenda, 'complete')
    await agenda.start()
    await agenda.every('1 hour', 'clean up')
    await complete
    await settle(agenda)
    expect((await store.queryJobs()).jobs).toMatchObject([{ name: 'clean up', state: 'repeating' }])
  })
})

describe('failing', () => {
  it('should log what a handler throws and leave nothing of the entry', async () => {
    const { agenda, store, lines } = await createQueue()
    agenda.define('run job', async () => {
      throw new Error('the disk is full')
    })
    const complete = once(agenda, 'complete')
    await agenda.start()
    await agenda.now('run job', {})
    await complete
    await settle(agenda)
    expect(lines).toMatchObject([{ entry: 'run job', err: { message: 'the disk is full' } }])
    expect((await store.queryJobs()).total).toBe(0)
  })

  it('should keep an entry that is to be tried again', async () => {
    const { agenda, store } = await createQueue()
    agenda.define(
      'run job',
      async () => {
        throw new Error('the disk is full')
      },
      { backoff: () => 3_600_000 },
    )
    const complete = once(agenda, 'complete')
    await agenda.start()
    await agenda.now('run job', {})
    await complete
    await settle(agenda)
    expect((await store.queryJobs()).jobs).toMatchObject([{ failCount: 1, nextRunAt: expect.any(Date) }])
  })

  it('should log what goes wrong with the records', async () => {
    const { agenda, backend, lines } = await createQueue({ lookEvery: 20 })
    agenda.define('run job', async () => {})
    Object.assign(backend.repository, { getNextJobToRun: () => Promise.reject(new Error('the file is gone')) })
    const error = once(agenda, 'error').catch((reason: unknown) => reason)
    await agenda.start()
    await error
    expect(lines[0]).toMatchObject({ err: { message: 'the file is gone' } })
  })
})

describe('keeping the lock', () => {
  it('should free what is for much later and was locked by a server that is gone, and set no timer for it', async () => {
    const { agenda, store } = await createQueue({ lookEvery: 50 })
    agenda.define('run job', async () => {})
    const warnings: string[] = []
    const note = ({ name }: Error) => void warnings.push(name)
    process.on('warning', note)
    cleanUpAfter(() => void process.off('warning', note))
    const later = new Date(Date.now() + 40 * 86_400_000)
    const entry = { name: 'run job', type: 'normal', priority: 0, nextRunAt: later, data: {} } as const
    await store.saveJob({ ...entry, lockedAt: new Date(Date.now() - 3_600_000) }, undefined)
    await agenda.start()
    await poll('it is free', async () => !(await store.queryJobs()).jobs[0]?.lockedAt)
    expect((await store.queryJobs()).jobs).toMatchObject([{ nextRunAt: later }])
    expect(warnings).toEqual([])
  })

  it('should renew it for as long as the handler takes, so that no other server starts the entry', async () => {
    const lockLifetime = 2000
    const { agenda, store, file } = await createQueue({ lockLifetime, lookEvery: 50 })
    const other = await createQueue({ file, lockLifetime, lookEvery: 50 })
    let starts = 0
    const firstLock = Promise.withResolvers<Date | undefined>()
    const done = Promise.withResolvers<void>()
    for (const each of [agenda, other.agenda]) {
      each.define('run job', async (entry) => {
        starts += 1
        firstLock.resolve(entry.attrs.lockedAt)
        await done.promise
      })
    }
    await agenda.start()
    await agenda.now('run job', {})
    const lockedAt = (await firstLock.promise)?.getTime() ?? Number.NaN
    await other.agenda.start()
    let renewedAt = lockedAt
    while (renewedAt < lockedAt + lockLifetime) {
      renewedAt = (await store.queryJobs()).jobs[0]?.lockedAt?.getTime() ?? Number.NaN
      await new Promise(setImmediate)
    }
    expect(renewedAt).toBeGreaterThan(lockedAt)
    done.resolve()
    await settle(agenda)
    expect(starts).toBe(1)
    expect((await store.queryJobs()).total).toBe(0)
  })
})

describe('stopping', () => {
  const createWorking = async () => {
    const queue = await createQueue()
    const done = Promise.withResolvers<void>()
    const started = Promise.withResolvers<void>()
    let ends = 0
    queue.agenda.define('run job', async () => {
      started.resolve()
      await done.promise
      ends += 1
    })
    await queue.agenda.start()
    await queue.agenda.now('run job', {})
    await started.promise
    return { ...queue, done, ends: () => ends }
  }

  it('should wait for what is at work', async () => {
    const { agenda, store, done, ends } = await createWorking()
    const drained = agenda.drain(60_000)
    done.resolve()
    expect(await drained).toEqual({ completed: 1, running: 0, timedOut: false, aborted: false })
    expect(ends()).toBe(1)
    expect((await store.queryJobs()).total).toBe(0)
  })

  it('should wait as long as asked and no longer', async () => {
    const { agenda, store, done } = await createWorking()
    expect(await agenda.drain(20)).toEqual({ completed: 0, running: 1, timedOut: true, aborted: false })
    expect((await store.queryJobs({ state: 'running' })).total).toBe(1)
    const stopping = new AbortController()
    const drained = agenda.drain({ signal: stopping.signal })
    stopping.abort()
    expect(await drained).toEqual({ completed: 0, running: 1, timedOut: false, aborted: true })
    done.resolve()
    await agenda.drain()
    expect((await store.queryJobs()).total).toBe(0)
  })

  it('should leave nothing locked when it stops in the middle of taking entries', async () => {
    const { agenda, store } = await createQueue()
    agenda.define('run job', async () => {})
    for (let count = 0; count < 200; count++) await agenda.now('run job', { count })
    await agenda.start()
    await agenda.drain()
    const { jobs, total } = await store.queryJobs()
    expect(total).toBe(200)
    expect(jobs.filter(({ lockedAt }) => lockedAt)).toEqual([])
  })

  it('should free what was taken ahead of its time', async () => {
    const { agenda, store } = await createQueue()
    agenda.define('run job', async () => {})
    await agenda.schedule(new Date(Date.now() + 4000), 'run job', {})
    const complete = once(agenda, 'complete')
    await agenda.start()
    await agenda.now('run job', {})
    await complete
    expect((await store.queryJobs({ state: 'running' })).total).toBeGreaterThan(0)
    await agenda.drain()
    expect((await store.queryJobs()).jobs).toMatchObject([{ lockedAt: undefined, state: 'scheduled' }])
  })

  it('should start nothing more once it has stopped, however close an entry was to its start', async () => {
    const { agenda, store } = await createQueue()
    let starts = 0
    let ends = 0
    agenda.define('run job', async () => {
      starts += 1
      await new Promise(setImmediate)
      ends += 1
    })
    for (let ticks = 0; ticks < 60; ticks++) {
      await agenda.start()
      await agenda.now('run job', {})
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
      await agenda.drain()
      const atDrain = starts
      expect(ends).toBe(atDrain)
      expect((await store.queryJobs({ state: 'running' })).total).toBe(0)
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
      expect(starts).toBe(atDrain)
    }
    expect(starts).toBeGreaterThan(0)
  })

  it('should end at once where nothing was started', async () => {
    const { agenda } = await createQueue()
    expect(await agenda.drain()).toEqual({ completed: 0, running: 0, timedOut: false, aborted: false })
  })
})
