import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import { createEvents } from '../../../server/events.ts'
import { createAgenda } from '../../../server/schedules/agenda.ts'
import { createEmbeddedBackend } from '../../../server/schedules/backend.ts'
import { createClock } from '../../../server/schedules/clock.ts'
import { type ApiClient, signIn } from '../../support/api-client.ts'
import { createApp } from '../../support/app.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { jobWhere, readyRepository } from '../../support/jobs.ts'
import { poll } from '../../support/poll.ts'
import { startServer } from '../../support/server.ts'
import { createSchedule, readSchedule, recordId, withRecords } from './schedules.ts'

const hour = 3_600_000
const day = 24 * hour

const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** A clock that works on empty records, with the jobs that it would have run. */
const createParts = async (lookEvery = 60_000) => {
  const { app } = await createApp()
  const { db } = app
  const log = pino({ enabled: false })
  const enqueued: string[] = []
  const jobs = { ...app.jobs, enqueue: async (id: string) => void enqueued.push(id) }
  const agenda = createAgenda({ backend: createEmbeddedBackend(db), log, lookEvery: 100 })
  const create = () => createClock({ db, events: createEvents(), log, jobs, agenda, lookEvery })
  const clock = create()
  const restart = async () => {
    const another = create()
    await another.start()
    return another
  }
  cleanUpAfter(async () => {
    await clock.stop()
    await agenda.drain()
  })
  const repository = await db.repository.create({ data: { name: 'r', location: '/r', state: 'READY' } })
  let count = 0
  const add = (columns: Partial<Prisma.ScheduleUncheckedCreateInput> = {}) => {
    count += 1
    return db.schedule.create({
      data: {
        name: `s${count}`,
        action: 'REFRESH_ARCHIVES',
        repositoryId: repository.id,
        cron: '0 3 * * *',
        timeZone: 'UTC',
        ...columns,
      },
    })
  }
  const read = (id: string) => db.schedule.findUniqueOrThrow({ where: { id }, include: { jobs: true } })
  const entries = async (id: string) => (await agenda.queryJobs({ data: { scheduleId: id } })).jobs
  const start = async () => {
    await clock.start()
    await agenda.start()
  }
  return { db, agenda, clock, add, read, entries, enqueued, start, restart, repository }
}

/** The last 03:00 UTC. */
const lastThree = () => {
  const today = new Date().setUTCHours(3, 0, 0, 0)
  return new Date(today <= Date.now() ? today : today - day)
}

describe('what is due', () => {
  it('should start once however often it is triggered, and be woken up at its next time only', async () => {
    const { agenda, add, read, entries, enqueued, start } = await createParts()
    const at = fromNow(400)
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    for (let count = 0; count < 5; count++) await agenda.schedule(at, 'run schedule', { scheduleId: id })
    await poll('a job', async () => (await read(id)).jobs.length > 0)
    await agenda.now('run schedule', { scheduleId: id })
    await poll('one entry', async () => (await entries(id)).length === 1, { within: 5_000 })
    const schedule = await read(id)
    expect(schedule.jobs).toMatchObject([{ kind: 'REFRESH_ARCHIVES', scheduledFor: at, requestedById: null }])
    expect(enqueued).toEqual([schedule.jobs[0]?.id])
    expect(schedule.lastScheduledFor).toEqual(at)
    expect(schedule.nextRunAt).toEqual(schedule.nextScheduledFor)
    expect(schedule.nextRunAt?.getTime()).toBeGreaterThan(Date.now())
    expect((await entries(id))[0]?.nextRunAt).toEqual(schedule.nextRunAt)
    expect(Number(schedule.jobs[0]?.createdAt) - at.getTime()).toBeLessThan(1_500)
  })

  it('should be found although no entry announces it, as after a jump of the clock', async () => {
    const { db, add, read, entries, start } = await createParts(50)
    const at = fromNow(day)
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    const due = fromNow(-1000)
    await db.schedule.update({ where: { id }, data: { nextRunAt: due, nextScheduledFor: due } })
    await poll('a job', async () => (await read(id)).jobs.length > 0)
    expect((await read(id)).jobs).toMatchObject([{ scheduledFor: due }])
    await poll('an entry at its next time', async () => {
      const { nextRunAt } = await read(id)
      return (await entries(id)).some((entry) => entry.nextRunAt?.getTime() === nextRunAt?.getTime())
    })
  })

  it.each([
    ['SKIP', 1, 1],
    ['QUEUE', 1, 2],
    ['QUEUE', 2, 2],
  ] as const)('should %s with %i unfinished, and have %i then', async (overlapPolicy, before, after) => {
    const { db, add, read, start, repository } = await createParts(50)
    const at = fromNow(200)
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at, overlapPolicy })
    for (let count = 0; count < before; count++) {
      const job = { kind: 'REFRESH_ARCHIVES', repositoryId: repository.id, repositoryName: 'r', settings: {} } as const
      await db.job.create({ data: { ...job, state: 'RUNNING', scheduleId: id } })
    }
    await start()
    await poll('the run is dealt with', async () => (await read(id)).lastScheduledFor !== null)
    expect((await read(id)).jobs).toHaveLength(after)
  })

  it('should not run while it is disabled, nor after it was removed', async () => {
    const { db, agenda, clock, add, read, entries, start } = await createParts(50)
    const at = fromNow(300)
    const one = await add({ nextRunAt: at, nextScheduledFor: at })
    const other = await add({ nextRunAt: at, nextScheduledFor: at })
    const last = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    await db.schedule.update({ where: { id: one.id }, data: { isEnabled: false } })
    await clock.refresh(one.id)
    await db.schedule.delete({ where: { id: other.id } })
    await agenda.now('run schedule', { scheduleId: one.id })
    await poll('the last one ran', async () => (await read(last.id)).jobs.length === 1)
    expect((await read(one.id)).jobs).toEqual([])
    await poll('no entry is left', async () => (await entries(one.id)).length + (await entries(other.id)).length === 0)
    expect(await db.job.count()).toBe(1)
  })
})

describe('what was missed', () => {
  const missed = () => ({
    nextRunAt: new Date(lastThree().getTime() - 9 * day),
    nextScheduledFor: new Date(lastThree().getTime() - 9 * day),
    lastLookedAt: new Date(lastThree().getTime() - 10 * day),
  })

  it('should be made up for once, or left out', async () => {
    const { add, read, start, entries } = await createParts()
    const once = await add(missed())
    const skip = await add({ ...missed(), missedRunPolicy: 'SKIP' })
    await start()
    await poll('both are dealt with', async () => {
      const counts = await Promise.all([once, skip].map(async ({ id }) => (await entries(id)).length))
      return counts.every((count) => count === 1)
    })
    expect((await read(once.id)).jobs).toMatchObject([{ scheduledFor: lastThree() }])
    expect((await read(skip.id)).jobs).toEqual([])
    for (const { id } of [once, skip]) {
      const { nextRunAt } = await read(id)
      expect(nextRunAt?.getTime()).toBe(lastThree().getTime() + day)
      expect(await entries(id)).toMatchObject([{ nextRunAt }])
    }
  })

  it('should wait for the window, also over another start', async () => {
    const { add, read, clock, entries, restart } = await createParts()
    const clockTime = (at: Date) => at.toISOString().slice(11, 16)
    const opensAt = fromNow(2 * hour)
    const window = { from: clockTime(opensAt), to: clockTime(fromNow(3 * hour)), weekdays: null }
    const due = fromNow(-20 * hour)
    const { id } = await add({
      cron: `${fromNow(2.5 * hour).getUTCMinutes()} ${fromNow(2.5 * hour).getUTCHours()} * * *`,
      window,
      nextRunAt: due,
      nextScheduledFor: due,
      lastLookedAt: fromNow(-30 * hour),
    })
    await clock.start()
    await poll('it is looked at', async () => (await read(id)).nextRunAt?.getTime() !== due.getTime())
    const kept = await read(id)
    expect(kept.jobs).toEqual([])
    expect(kept.nextRunAt?.toISOString().slice(0, 16)).toBe(opensAt.toISOString().slice(0, 16))
    expect(kept.nextScheduledFor?.getTime()).toBeLessThan(Date.now())
    await clock.stop()
    const another = await restart()
    await poll('it is announced', async () => (await entries(id)).length === 1)
    await another.stop()
    expect(await read(id)).toEqual(kept)
  })

  it('should be found anew after the clock was years ahead', async () => {
    const { add, read, start } = await createParts()
    const ahead = new Date(lastThree().getTime() + 1000 * day)
    const { id } = await add({
      nextRunAt: ahead,
      nextScheduledFor: ahead,
      lastScheduledFor: new Date(ahead.getTime() - day),
      lastLookedAt: new Date(ahead.getTime() - hour),
    })
    await start()
    await poll('it is looked at', async () => (await read(id)).nextRunAt?.getTime() !== ahead.getTime())
    const schedule = await read(id)
    expect(schedule.jobs).toEqual([])
    expect(schedule.nextRunAt?.getTime()).toBe(lastThree().getTime() + day)
    expect(schedule.lastLookedAt.getTime()).toBeLessThanOrEqual(Date.now())
  })
})

describe('the server', () => {
  it('should make up for a run with real borg, once, although it is killed over it', async () => {
    const first = await startServer()
    const { dataFolder } = first
    const api = await first.setUp()
    const repository = await readyRepository(api)
    const schedule = await createSchedule(api, { repositoryId: repository.id })
    await first.stop()
    const past = new Date(lastThree().getTime() - 3 * day)
    await withRecords(dataFolder, (db) =>
      db.schedule.update({
        where: { id: recordId(schedule.id) },
        data: { nextRunAt: past, nextScheduledFor: past, lastLookedAt: new Date(past.getTime() - hour) },
      }),
    )
    for (let count = 0; count < 3; count++) await (await startServer({ dataFolder })).kill()
    const last: ApiClient = (await startServer({ dataFolder })).client()
    await signIn(last)
    await poll('the run is made up for', async () => (await readSchedule(last, schedule.id)).lastScheduledFor !== null)
    const { jobs, lastScheduledFor, nextRunAt } = await readSchedule(last, schedule.id)
    expect(jobs.edges.map(({ node }) => node.scheduledFor)).toEqual([lastThree().toISOString()])
    expect(lastScheduledFor).toBe(lastThree().toISOString())
    expect(new Date(nextRunAt ?? 0).getTime()).toBe(lastThree().getTime() + day)
    const job = await jobWhere(last, { id: jobs.edges[0]?.node.id ?? '' }, ({ finishedAt }) => finishedAt !== null)
    expect(['COMPLETED', 'INTERRUPTED']).toContain(job.state)
  })
})
