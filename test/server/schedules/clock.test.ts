import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { deleteSchedule, updateSchedule } from '../../../server/schedules/service.ts'
import { type ApiClient, signIn } from '../../support/api-client.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { jobWhere, readyRepository } from '../../support/jobs.ts'
import { poll } from '../../support/poll.ts'
import { startServer } from '../../support/server.ts'
import { waitFor } from '../../support/wait-for.ts'
import { createParts, day, fromNow, hour, soon } from './clock-parts.ts'
import { createSchedule, readSchedule, recordId, withRecords } from './schedules.ts'
import { seedRandom } from './times/random.ts'

/** Records in which something happens each time that a schedule was read. */
const afterReading = (happen: (db: Database) => Promise<unknown>) => (db: Database) =>
  db.$extends({
    query: {
      schedule: {
        async findUnique({ args, query }) {
          const schedule = await query(args)
          await happen(db)
          return schedule
        },
      },
    },
  }) as unknown as Database

/** The last 03:00 UTC. */
const lastThree = () => {
  const today = new Date().setUTCHours(3, 0, 0, 0)
  return new Date(today <= Date.now() ? today : today - day)
}

describe('what is due', () => {
  it('should start once however often it is triggered, and be woken up at its next time only', async () => {
    const { agenda, add, read, isAligned, announcedJobs, start } = await createParts()
    const at = soon()
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    for (let count = 0; count < 5; count++) await agenda.schedule(at, 'run schedules', { at: at.getTime() })
    await poll('a job', async () => (await read(id)).jobs.length > 0)
    await agenda.now('run schedules', { at: at.getTime() })
    await poll('no entry but that of its next time', isAligned)
    const schedule = await read(id)
    expect(schedule.jobs).toMatchObject([{ kind: 'REFRESH_ARCHIVES', scheduledFor: at, requestedById: null }])
    expect(announcedJobs).toEqual([schedule.jobs[0]?.id])
    expect(schedule.lastScheduledFor).toEqual(at)
    expect(schedule.nextRunAt).toEqual(schedule.nextScheduledFor)
    expect(schedule.nextRunAt?.getTime()).toBeGreaterThan(Date.now())
    // Long before the clock would have looked by itself.
    expect(Number(schedule.jobs[0]?.createdAt) - at.getTime()).toBeLessThan(30_000)
  })

  it('should be found although no entry announces it, as after a jump of the clock', async () => {
    const { db, add, read, isAligned, wakeUps, start } = await createParts(50)
    const at = fromNow(2 * day)
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    await poll('an entry', isAligned)
    const due = fromNow(-1000)
    await db.schedule.update({ where: { id }, data: { nextRunAt: due, nextScheduledFor: due } })
    await poll('a job', async () => (await read(id)).jobs.length > 0)
    expect((await read(id)).jobs).toMatchObject([{ scheduledFor: due }])
    await poll('an entry at its next time', async () => {
      const { nextRunAt } = await read(id)
      return (await wakeUps()).some((entry) => entry?.getTime() === nextRunAt?.getTime())
    })
  })

  it.each([
    ['SKIP', 1, 1],
    ['QUEUE', 1, 2],
    ['QUEUE', 2, 2],
  ] as const)('should %s with %i unfinished, and have %i then', async (overlapPolicy, before, after) => {
    const { db, add, read, start, repository } = await createParts(50)
    const at = soon()
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at, overlapPolicy })
    for (let count = 0; count < before; count++) {
      const job = { kind: 'REFRESH_ARCHIVES', repositoryId: repository.id, repositoryName: 'r', settings: {} } as const
      await db.job.create({ data: { ...job, state: 'RUNNING', scheduleId: id } })
    }
    await start()
    await poll('the run is dealt with', async () => (await read(id)).lastScheduledFor !== null)
    const { jobs, lastSkippedFor, lastSkippedReason } = await read(id)
    expect(jobs).toHaveLength(after)
    const reason = expect.stringContaining('The job of an earlier run had not ended')
    expect([lastSkippedFor, lastSkippedReason]).toEqual(after === before ? [at, reason] : [null, null])
  })

  it('should be left out where the repository cannot be used, and tell those who watch', async () => {
    const { db, events, add, read, start } = await createParts(50)
    const repository = await db.repository.create({
      data: { name: 'broken', location: '/broken', state: 'FAILED', problem: 'The passphrase is wrong.' },
    })
    const data = { name: 'plan', repositoryId: repository.id, settings: { sources: ['/etc'] } }
    const plan = await db.backupPlan.create({ data })
    const at = soon()
    const due = { nextRunAt: at, nextScheduledFor: at }
    const backup = await add({ ...due, action: 'BACKUP', repositoryId: null, planId: plan.id })
    const refresh = await add({ ...due, repositoryId: repository.id })
    const changed = waitFor(await events.watch('schedule:changed', backup.id), () => true)
    await start()
    await changed
    expect(await read(backup.id)).toMatchObject({
      jobs: [],
      lastScheduledFor: at,
      lastSkippedFor: at,
      lastSkippedReason: 'The repository cannot be used now. The passphrase is wrong.',
    })
    await poll('its archives are read again', async () => (await read(refresh.id)).jobs.length === 1)
  })

  it('should say that its time zone is known no more, once', async () => {
    const { events, add, read, start } = await createParts(20)
    const at = fromNow(-1000)
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at, timeZone: 'Mars/Olympus' })
    const other = await add({ nextRunAt: fromNow(day), nextScheduledFor: fromNow(day) })
    let changes = 0
    const counting = (async () => {
      for await (const _ of await events.watch('schedule:changed', id)) changes += 1
    })()
    cleanUpAfter(() => void counting)
    await start()
    await poll('it says so', async () => (await read(id)).lastSkippedReason !== null)
    expect(await read(id)).toMatchObject({ jobs: [], lastSkippedFor: at, nextRunAt: at })
    expect((await read(id)).lastSkippedReason).toContain('“Mars/Olympus” is no time zone')
    const watched = await events.watch('schedule:changed', other.id)
    events.publish('schedule:changed', other.id)
    await watched.next()
    expect(changes).toBe(1)
  })

  it('should run although it was changed at the moment it came due', async () => {
    let change: (() => Promise<unknown>) | undefined
    const at = soon()
    const watch = afterReading(async () => {
      const once = change
      change = undefined
      await once?.()
    })
    const { app, db, clock, add, read, start } = await createParts(60_000, { watch })
    const { id } = await add({ nextRunAt: at, nextScheduledFor: at })
    const other = await db.repository.create({ data: { name: 'other', location: '/other', state: 'READY' } })
    change = () => updateSchedule({ ...app, clock }, id, { repositoryId: other.id })
    await start()
    await poll('it runs', async () => (await read(id)).jobs.length === 1)
    expect((await read(id)).jobs).toMatchObject([{ repositoryId: other.id, scheduledFor: at }])
  })

  it('should not be announced as changed where it was removed meanwhile', async () => {
    const watch = afterReading((db) => db.schedule.deleteMany({ where: { name: 's1' } }))
    const { db, events, add, start } = await createParts(60_000, { watch })
    const at = fromNow(-1000)
    await add({ nextRunAt: at, nextScheduledFor: at })
    const other = await add({ nextRunAt: at, nextScheduledFor: at })
    const changes = await events.watch('schedule:changed')
    await start()
    expect((await changes.next()).value).toMatchObject({ id: other.id })
    expect(await db.schedule.findMany({ select: { id: true } })).toEqual([{ id: other.id }])
    await changes.return?.()
  })

  it('should not run while it is disabled, nor after it was removed', async () => {
    const { db, agenda, clock, add, read, isAligned, start } = await createParts(50)
    const at = soon()
    const one = await add({ nextRunAt: at, nextScheduledFor: at })
    const other = await add({ nextRunAt: at, nextScheduledFor: at })
    const last = await add({ nextRunAt: at, nextScheduledFor: at })
    await start()
    await db.schedule.update({ where: { id: one.id }, data: { isEnabled: false } })
    clock.refresh(one.id)
    await db.schedule.delete({ where: { id: other.id } })
    await agenda.now('run schedules', { at: at.getTime() })
    await poll('the last one ran', async () => (await read(last.id)).jobs.length === 1)
    expect((await read(one.id)).jobs).toEqual([])
    expect(await db.job.count()).toBe(1)
    await poll('an entry at its next time', isAligned)
  })
})

describe('schedules that change while they are due', () => {
  it('should run each time once at most, and nothing that was disabled or removed before', async () => {
    const { db, agenda, clock, add, read, wakeUps, start, app } = await createParts(40)
    const random = seedRandom(11)
    const context = { ...app, clock }
    // Before there is anything due: what is due before the start was missed.
    await start()
    const all = await Promise.all(
      Array.from({ length: 40 }, () => {
        const at = fromNow(300 + Math.floor(random() * 300))
        return add({ nextRunAt: at, nextScheduledFor: at, overlapPolicy: 'QUEUE' })
      }),
    )
    for (const { id } of all) clock.refresh(id)
    const stopped: { readonly id: string; readonly jobs: number }[] = []
    const disturb = async ({ id, nextRunAt }: (typeof all)[number], kind: number) => {
      const when = (nextRunAt?.getTime() ?? 0) - 20 + Math.floor(random() * 40)
      await new Promise((resolve) => setTimeout(resolve, when - Date.now()))
      if (kind === 0) await deleteSchedule(context, id)
      else if (kind === 1) {
        await updateSchedule(context, id, { isEnabled: false })
        stopped.push({ id, jobs: await db.job.count({ where: { scheduleId: id } }) })
      } else if (kind === 2) await updateSchedule(context, id, { cron: '0 4 * * *' })
      else await agenda.now('run schedules', { at: nextRunAt?.getTime() })
    }
    await Promise.all(all.map((schedule, index) => disturb(schedule, index % 4)))
    const isSettled = async () => {
      const rows = await db.schedule.findMany({ where: { isEnabled: true } })
      return rows.every(({ nextRunAt }) => nextRunAt !== null && nextRunAt > fromNow(60_000))
    }
    await poll('all are dealt with', isSettled)
    await poll('the queue knows the next time', async () => {
      const { nextRunAt } = await db.schedule.findFirstOrThrow({
        where: { isEnabled: true },
        orderBy: { nextRunAt: 'asc' },
      })
      return (await wakeUps()).some((entry) => entry?.getTime() === nextRunAt?.getTime())
    })
    for (const { id, jobs } of stopped) expect((await read(id)).jobs).toHaveLength(jobs)
    const jobs = await db.job.findMany({ where: { scheduleId: { not: null } } })
    const runs = jobs.map(({ scheduleId, scheduledFor }) => `${scheduleId} ${scheduledFor?.toISOString()}`)
    expect(new Set(runs).size).toBe(runs.length)
    const triggered = all.filter((_, index) => index % 4 === 3)
    for (const { id } of triggered) expect((await read(id)).jobs).toHaveLength(1)
  })
})

describe('a line of schedules', () => {
  it('should leave out nothing because those before took long', async () => {
    const gate = Promise.withResolvers<void>()
    const { db, agenda, add, read, start } = await createParts(60_000, { watch: afterReading(() => gate.promise) })
    const at = soon()
    const due = { nextRunAt: at, nextScheduledFor: at, missedRunPolicy: 'SKIP' } as const
    const both = [await add(due), await add(due)]
    const inLine = Promise.withResolvers<void>()
    agenda.on('complete', () => inLine.resolve())
    await start()
    await inLine.promise
    cleanUpAfter(() => void vi.useRealTimers())
    vi.setSystemTime(fromNow(10 * 60_000))
    gate.resolve()
    const isDealtWith = async () => (await db.schedule.count({ where: { nextRunAt: { lte: at } } })) === 0
    await poll('both are dealt with', isDealtWith)
    for (const { id } of both)
      expect(await read(id)).toMatchObject({ jobs: [{ scheduledFor: at }], lastSkippedFor: null })
  })
})

describe('what was missed', () => {
  const missed = () => ({
    nextRunAt: new Date(lastThree().getTime() - 9 * day),
    nextScheduledFor: new Date(lastThree().getTime() - 9 * day),
    lastLookedAt: new Date(lastThree().getTime() - 10 * day),
  })

  it('should be made up for once, or left out', async () => {
    const { add, read, start, isAligned } = await createParts()
    const once = await add(missed())
    const skip = await add({ ...missed(), missedRunPolicy: 'SKIP' })
    await start()
    const isDealtWith = async ({ id }: { id: string }) => Number((await read(id)).nextRunAt) > Date.now()
    await poll('both are dealt with', async () => (await isDealtWith(once)) && (await isDealtWith(skip)))
    expect((await read(once.id)).jobs).toMatchObject([{ scheduledFor: lastThree() }])
    expect(await read(skip.id)).toMatchObject({
      jobs: [],
      lastSkippedFor: lastThree(),
      lastSkippedReason: expect.stringContaining('leaves out what was missed'),
    })
    expect((await read(once.id)).lastSkippedFor).toBeNull()
    for (const { id } of [once, skip]) {
      const { nextRunAt } = await read(id)
      expect(nextRunAt?.getTime()).toBe(lastThree().getTime() + day)
    }
    await poll('an entry at their next time', isAligned)
  })

  it('should wait for the window, also over another start', async () => {
    const { add, read, clock, isAligned, restart } = await createParts()
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
    await poll('it is announced', isAligned)
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

describe('a clock that is wrong', () => {
  afterEach(() => void vi.useRealTimers())

  const made = Date.UTC(2026, 5, 15, 12, 7)
  const setClock = (time: number) => void vi.setSystemTime(time)
  type Parts = Awaited<ReturnType<typeof createParts>>

  /** Has a clock look at a schedule once: at its start, or as where something may be due. */
  const look = async ({ create }: Parts, id: string, isStart = false) => {
    const clock = create()
    if (isStart) await clock.start()
    else clock.refresh(id)
    await clock.stop()
  }

  const timesOf = async ({ read }: Parts, id: string) =>
    (await read(id)).jobs.map(({ scheduledFor }) => Number(scheduledFor)).sort((one, other) => one - other)

  const endJobs = ({ db }: Parts) => db.job.updateMany({ data: { state: 'COMPLETED' } })

  const prepare = async (columns: Parameters<Parts['add']>[0]) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    setClock(made)
    const parts = await createParts()
    parts.agenda.setMaxListeners(0)
    const now = new Date(made)
    const { id } = await parts.add({ createdAt: now, validFrom: null, lastLookedAt: now, ...columns })
    await look(parts, id)
    return { parts, id }
  }

  it('should run nothing in 1970, say why, and run nothing twice once it is set right', async () => {
    const { parts, id } = await prepare({ cron: '0 4 * * *' })
    const four = Date.UTC(2026, 5, 16, 4)
    setClock(four)
    await look(parts, id)
    expect(await timesOf(parts, id)).toEqual([four])
    await endJobs(parts)
    for (const time of [0, 5 * hour, 3 * day]) {
      setClock(time)
      await look(parts, id, true)
    }
    expect((await parts.read(id)).lastSkippedReason).toContain('it says that it is 1970-01-04')
    setClock(four + 2 * hour)
    await look(parts, id, true)
    await look(parts, id)
    expect(await timesOf(parts, id)).toEqual([four])
    setClock(four + day)
    await look(parts, id)
    expect(await timesOf(parts, id)).toEqual([four, four + day])
    expect((await parts.read(id)).lastSkippedReason).toBeNull()
  })

  it('should run nothing again where it is months behind, and say so', async () => {
    const { parts, id } = await prepare({ cron: '0 4 * * *' })
    const [first, last] = [Date.UTC(2026, 5, 16, 4), Date.UTC(2026, 8, 1, 4)]
    for (let time = first; time <= last; time += 10 * day) {
      setClock(time)
      await look(parts, id)
      await endJobs(parts)
    }
    const before = await timesOf(parts, id)
    expect(before).toHaveLength(8)
    setClock(first - hour)
    await look(parts, id, true)
    setClock(first)
    await look(parts, id)
    expect(await timesOf(parts, id)).toEqual(before)
    expect(await parts.read(id)).toMatchObject({
      lastSkippedFor: new Date(first),
      lastSkippedReason: 'It was dealt with before: the clock of the machine was set.',
    })
  })

  it('should not run what was left out before, nor make up for it', async () => {
    const { parts, id } = await prepare({ cron: '0 4 * * *' })
    const four = Date.UTC(2026, 5, 16, 4)
    await parts.db.repository.updateMany({ data: { state: 'PENDING' } })
    setClock(four)
    await look(parts, id)
    expect((await parts.read(id)).lastSkippedFor).toEqual(new Date(four))
    await parts.db.repository.updateMany({ data: { state: 'READY' } })
    for (const time of [four - 40 * day, four + hour, four - 40 * day, four, four + hour]) {
      setClock(time)
      await look(parts, id, time !== four)
      await endJobs(parts)
    }
    expect(await timesOf(parts, id)).not.toContain(four)
  })

  it.each([
    ['RUN_ONCE', 0, null],
    ['SKIP', 0, null],
    ['RUN_ONCE', 1800, null],
    ['RUN_ONCE', 0, { from: '22:00', to: '06:00', weekdays: null }],
  ] as const)(
    'should run no time twice and none before it was made, back and forth: %s, jitter %i, window %j',
    async (missedRunPolicy, jitter, window) => {
      const random = seedRandom(jitter + (window ? 1 : 0))
      const cron = '13 */3 * * *'
      const { parts, id } = await prepare({ cron, missedRunPolicy, jitter, ...(window && { window }) })
      let real = made
      for (let step = 0; step < 60; step++) {
        real += Math.floor(random() * 4 * hour)
        const kind = random()
        const wrong = kind < 0.15 ? Math.floor(random() * 100 * day) : real + Math.floor((random() - 0.5) * 40 * hour)
        setClock(kind < 0.5 ? wrong : kind < 0.55 ? real + 3650 * day : real)
        await look(parts, id, random() < 0.3)
        await endJobs(parts)
      }
      setClock(real)
      await look(parts, id)
      const next = (await parts.read(id)).nextRunAt
      setClock(Number(next))
      await look(parts, id)
      const times = await timesOf(parts, id)
      expect(times).toEqual([...new Set(times)])
      expect(times.filter((time) => time <= made)).toEqual([])
      expect(times).not.toEqual([])
    },
  )
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
        data: {
          ...{ nextRunAt: past, nextScheduledFor: past },
          ...{ lastLookedAt: new Date(past.getTime() - hour), validFrom: new Date(past.getTime() - hour) },
        },
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
