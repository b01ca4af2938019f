import { describe, expect, it, vi } from 'vitest'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { poll } from '../../support/poll.ts'
import { createParts, day, fromNow, hour, soon } from './clock-parts.ts'

describe('the entry for what is due next', () => {
  it('should leave nothing in the queue of what earlier servers wrote there', async () => {
    const { store, add, isAligned, start } = await createParts()
    const at = fromNow(2 * day)
    await add({ nextRunAt: at, nextScheduledFor: at })
    const entry = { type: 'normal', priority: 0, nextRunAt: fromNow(day), data: {} } as const
    await store.saveJob({ ...entry, name: 'run schedules', lockedAt: new Date() }, undefined)
    await store.saveJob({ ...entry, name: 'a definition that is no more' }, undefined)
    await start()
    await poll('an entry', isAligned)
    expect((await store.queryJobs()).total).toBe(1)
  })

  it('should wake the clock up for the first of several, also where that one is written last or removed', async () => {
    const { db, clock, add, read, isAligned, wakeUps, start } = await createParts()
    const later = fromNow(2 * day)
    const last = await add({ nextRunAt: later, nextScheduledFor: later })
    await start()
    await poll('an entry for it', isAligned)
    const at = soon()
    const [first, other] = [await add(), await add()]
    for (const { id } of [first, other]) {
      await db.schedule.update({ where: { id }, data: { nextRunAt: at, nextScheduledFor: at } })
      clock.refresh(id)
    }
    await poll('an entry for the first', async () =>
      (await wakeUps()).some((entry) => entry?.getTime() === at.getTime()),
    )
    await db.schedule.delete({ where: { id: first.id } })
    clock.announceDeleted([first.id])
    await poll('the other one runs', async () => (await read(other.id)).jobs.length === 1)
    const { nextRunAt } = await read(other.id)
    await poll('an entry at its next time', async () =>
      (await wakeUps()).some((entry) => entry?.getTime() === nextRunAt?.getTime()),
    )
    expect((await read(last.id)).jobs).toEqual([])
  })

  it('should run although it came due while the queue was still tidied', async () => {
    const { store, add, read, isAligned, start } = await createParts()
    const at = soon()
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at, missedRunPolicy: 'SKIP' })
    const { removeJobs } = store
    const slowly: typeof removeJobs = async (options) => {
      await poll('it is due', () => Date.now() > at.getTime())
      return removeJobs(options)
    }
    Object.assign(store, { removeJobs: slowly })
    await start()
    Object.assign(store, { removeJobs })
    await poll('it runs', async () => (await read(id)).jobs.length === 1)
    expect(await read(id)).toMatchObject({ lastScheduledFor: at, lastSkippedFor: null })
    await poll('an entry at its next time', isAligned)
  })

  it('should run although it was written while the server starts', async () => {
    const { clock, add, read, isAligned, start } = await createParts()
    const at = soon()
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    clock.refresh(id)
    await poll('an entry', isAligned)
    await start()
    await poll('it runs', async () => (await read(id)).jobs.length === 1)
  })

  it('should be announced although the entry before was lost and is over', async () => {
    const { db, store, clock, add, isAligned, start } = await createParts()
    const at = fromNow(hour)
    const lost = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    await poll('an entry', isAligned)
    await store.purgeAllJobs()
    await db.schedule.delete({ where: { id: lost.id } })
    cleanUpAfter(() => void vi.useRealTimers())
    vi.setSystemTime(fromNow(2 * hour))
    const later = fromNow(day)
    const { id } = await add({ nextRunAt: later, nextScheduledFor: later })
    clock.refresh(id)
    await poll('an entry', isAligned)
  })
})

describe('a queue that cannot be written', () => {
  it('should keep nothing from being changed or run, and be told what is missing once it can', async () => {
    const { store, clock, add, read, wakeUps, isAligned, announcedJobs, start } = await createParts(50)
    await start()
    const { saveJob, removeJobs } = store
    const isGone = () => Promise.reject(new Error('the queue is gone'))
    Object.assign(store, { saveJob: isGone, removeJobs: isGone })
    const later = await add({ nextRunAt: fromNow(day), nextScheduledFor: fromNow(day) })
    clock.refresh(later.id)
    clock.announceDeleted(['nobody'])
    const at = soon()
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    await poll('it runs all the same', async () => (await read(id)).jobs.length === 1)
    await poll('its job is announced', () => announcedJobs.length === 1)
    expect(await wakeUps()).toEqual([])

    Object.assign(store, { saveJob, removeJobs })
    await poll('the queue knows what comes next', isAligned)
  })
})

describe('a queue that does not answer', () => {
  it('should hold up no run, no change and no stop', async () => {
    const { db, store, clock, add, isAligned, start } = await createParts()
    const at = soon()
    await Promise.all(
      Array.from({ length: 20 }, () => add({ nextRunAt: at, nextScheduledFor: at, missedRunPolicy: 'SKIP' })),
    )
    await start()
    await poll('they have their entry', isAligned)
    const answer = Promise.withResolvers<never>()
    cleanUpAfter(() => answer.reject(new Error('the queue is gone')))
    const silent = () => answer.promise
    Object.assign(store, { saveJob: silent, removeJobs: silent, queryJobs: silent })
    const sooner = new Date(at.getTime() - 100)
    const { id } = await add({ nextRunAt: sooner, nextScheduledFor: sooner, missedRunPolicy: 'SKIP' })
    clock.refresh(id)
    await poll('all run', async () => (await db.job.count()) === 21)
    await clock.stop()
  })
})
