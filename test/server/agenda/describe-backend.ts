import { Agenda, type AgendaBackend, type JobParameters, type JobRepository, type JobState } from 'agenda'
import { beforeEach, describe, expect, it } from 'vitest'

const minute = 60_000
const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** An entry that was due a second ago. */
const entry = (parts: Partial<JobParameters> = {}): JobParameters => ({
  name: 'back up',
  type: 'normal',
  priority: 0,
  nextRunAt: fromNow(-1000),
  data: { plan: 1 },
  ...parts,
})

/**
 * What Agenda asks of a backend, by its documentation and by what its own backends for MongoDB and PostgreSQL do alike.
 * `create` makes a backend whose store is empty, and sees to its removal after the test. `isAtomic` is false for a store where
 * a search and the change of what it found are two steps, between which others may do the same.
 */
export const describeBackend = (
  name: string,
  create: () => Promise<AgendaBackend>,
  { isAtomic = true }: { isAtomic?: boolean } = {},
): void => {
  const atomically = isAtomic ? '' : ' (skipped: this store does not find and change in one step)'

  describe(`${name} backend`, () => {
    let backend: AgendaBackend
    let store: JobRepository
    let agenda: Agenda

    const save = (parts?: Partial<JobParameters>) => store.saveJob(entry(parts), undefined)
    const next = (parts: { name?: string; scan?: Date; deadline?: Date; now?: Date } = {}) => {
      const { name: of = 'back up', scan = new Date(), deadline = fromNow(-10 * minute), now } = parts
      return store.getNextJobToRun(of, scan, deadline, now, { lastModifiedBy: 'this server' })
    }
    const read = async ({ _id }: JobParameters) => {
      const found = await store.getJobById(String(_id))
      if (!found) throw new Error('The entry is gone')
      return found
    }
    /** An entry that a server took a while ago and has not renewed since. */
    const saveLocked = async (parts: Partial<JobParameters>, lockedAt: Date) => {
      const saved = await save(parts)
      await store.saveJobState({ ...saved, lockedAt }, undefined)
      return saved
    }

    beforeEach(async () => {
      backend = await create()
      // Connects the backend, as its user would.
      agenda = new Agenda({ backend, name: 'this server' })
      await agenda.ready
      store = backend.repository
    })

    it('should say what it is', () => {
      expect(backend.name).not.toBe('')
      expect(backend.ownsConnection).toBeTypeOf('boolean')
    })

    describe('saving', () => {
      it('should give a new entry an id, and give back what was saved', async () => {
        const saved = await save({ priority: 10, nextRunAt: fromNow(minute), data: { deep: [1, { two: 'ü"\n' }] } })
        expect(saved._id).toBeTypeOf('string')
        expect(await read(saved)).toMatchObject({
          _id: saved._id,
          name: 'back up',
          type: 'normal',
          priority: 10,
          nextRunAt: saved.nextRunAt,
          data: { deep: [1, { two: 'ü"\n' }] },
        })
      })

      it('should keep all that an entry can say about when it runs', async () => {
        const parts = {
          repeatInterval: '0 3 * * *',
          repeatTimezone: 'Europe/Vienna',
          startDate: fromNow(minute),
          endDate: fromNow(2 * minute),
          skipDays: [0, 6],
        }
        expect(await read(await save(parts))).toMatchObject(parts)
        expect(await read(await save({ repeatAt: '3:30am' }))).toMatchObject({ repeatAt: '3:30am' })
      })

      it('should keep a repetition in milliseconds', async () => {
        expect(Number((await read(await save({ repeatInterval: 5000 }))).repeatInterval)).toBe(5000)
      })

      it('should keep data that is a mere value', async () => {
        for (const data of [5, '5', 1.5, 'five', true, [1, 2], {}])
          expect((await read(await save({ data }))).data).toEqual(data)
      })

      it('should keep entries without data and without a time', async () => {
        const found = await read(await save({ data: undefined, nextRunAt: null }))
        expect(found.data ?? null).toBeNull()
        expect(found.nextRunAt).toBeNull()
      })

      it('should change an entry that has an id', async () => {
        const saved = await save()
        const changed = await store.saveJob({ ...saved, priority: 7, data: { plan: 2 } }, undefined)
        expect(changed).toMatchObject({ _id: saved._id, priority: 7, data: { plan: 2 } })
        expect((await store.queryJobs()).total).toBe(1)
      })

      it('should not bring back an entry that was removed', async () => {
        const saved = await save()
        await store.removeJobs({ id: saved._id })
        expect(await store.saveJob({ ...saved, priority: 7 }, undefined)).toMatchObject({ _id: saved._id })
        expect((await store.queryJobs()).total).toBe(0)
      })

      it('should keep who wrote an entry last', async () => {
        const saved = await store.saveJob(entry(), { lastModifiedBy: 'another server' })
        expect((await read(saved)).lastModifiedBy).toBe('another server')
        await store.saveJobState(saved, { lastModifiedBy: 'this server' })
        expect((await read(saved)).lastModifiedBy).toBe('this server')
      })

      it('should write the state of an entry', async () => {
        const saved = await save()
        const state = {
          lockedAt: fromNow(-5),
          nextRunAt: fromNow(minute),
          lastRunAt: fromNow(-4),
          lastFinishedAt: fromNow(-3),
          failedAt: fromNow(-2),
          failCount: 3,
          failReason: 'the disk is full',
          progress: 12.5,
        }
        await store.saveJobState({ ...saved, ...state, data: { plan: 'not state' } }, undefined)
        expect(await read(saved)).toMatchObject({ ...state, data: { plan: 1 } })

        await store.saveJobState({ ...saved, nextRunAt: null }, undefined)
        const cleared = await read(saved)
        for (const field of Object.keys(state)) expect(cleared[field as keyof JobParameters] ?? null).toBeNull()
      })

      it('should refuse to write the state of an entry that was removed', async () => {
        const saved = await save()
        await store.removeJobs({ id: saved._id })
        await expect(store.saveJobState(saved, undefined)).rejects.toThrow()
        await expect(store.saveJobState(entry(), undefined)).rejects.toThrow()
      })
    })

    describe('single entries', () => {
      it('should keep one entry of the name', async () => {
        const one = await save({ type: 'single', nextRunAt: fromNow(minute) })
        const later = fromNow(2 * minute)
        const two = await save({ type: 'single', nextRunAt: later, priority: 5, data: { plan: 2 } })
        expect(two).toMatchObject({ _id: one._id, nextRunAt: later, priority: 5, data: { plan: 2 } })
        expect((await store.queryJobs()).total).toBe(1)
      })

      it('should not start it out of turn when it is defined again as due now', async () => {
        const nextRunAt = fromNow(minute)
        await save({ type: 'single', nextRunAt })
        expect(await save({ type: 'single', nextRunAt: new Date() })).toMatchObject({ nextRunAt })
      })

      it('should keep it apart from other names and from entries that are not single', async () => {
        await save({ type: 'single' })
        await save({ type: 'single', name: 'prune' })
        await save()
        await save()
        expect((await store.queryJobs()).total).toBe(4)
      })

      it.skipIf(!isAtomic)(`should make one entry when it is saved by many at once${atomically}`, async () => {
        await Promise.all(Array.from({ length: 20 }, () => save({ type: 'single' })))
        expect((await store.queryJobs()).total).toBe(1)
      })
    })

    describe('unique entries', () => {
      const saveUnique = (unique: Record<string, unknown>, parts: Partial<JobParameters> = {}) =>
        save({ unique, ...parts })

      it('should change the entry that is the same', async () => {
        const one = await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada', turn: 1 } })
        const two = await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada', turn: 2 }, priority: 3 })
        expect(two).toMatchObject({ _id: one._id, data: { user: 'ada', turn: 2 }, priority: 3 })
        expect((await store.queryJobs()).total).toBe(1)
      })

      it('should leave the entry that is the same alone with insertOnly', async () => {
        const uniqueOpts = { insertOnly: true }
        const one = await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada', turn: 1 }, uniqueOpts })
        const two = await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada', turn: 2 }, uniqueOpts })
        expect(two).toMatchObject({ _id: one._id, data: { user: 'ada', turn: 1 } })
        expect((await store.queryJobs()).total).toBe(1)
      })

      it('should tell apart other values, other names and missing values', async () => {
        await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada' } })
        await saveUnique({ 'data.user': 'bob' }, { data: { user: 'bob' } })
        await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada' }, name: 'prune' })
        await saveUnique({ 'data.user': 'cat' }, { data: {} })
        expect((await store.queryJobs()).total).toBe(4)
      })

      it('should compare several values at once, and the entry’s own fields', async () => {
        const data = { user: 'ada', plan: 4 }
        const one = await saveUnique({ 'data.user': 'ada', 'data.plan': 4, priority: 2 }, { data, priority: 2 })
        expect(await saveUnique({ 'data.user': 'ada', 'data.plan': 4, priority: 2 }, { data })).toMatchObject({
          _id: one._id,
        })
        await saveUnique({ 'data.user': 'ada', 'data.plan': 5, priority: 2 }, { data })
        expect((await store.queryJobs()).total).toBe(2)
      })

      it('should find entries that were saved without a word about unique', async () => {
        const one = await save({ data: { user: 'ada' } })
        expect(await saveUnique({ 'data.user': 'ada' }, { data: { user: 'ada' } })).toMatchObject({ _id: one._id })
      })

      it('should take names and values as they are, not as a query', async () => {
        const data = { "it's": "'; DROP TABLE jobs; --" }
        const one = await saveUnique({ "data.it's": data["it's"] }, { data })
        expect(await saveUnique({ "data.it's": data["it's"] }, { data })).toMatchObject({ _id: one._id, data })
      })
    })

    describe('debounce', () => {
      const delay = 5000
      const saveDebounced = (uniqueOpts: JobParameters['uniqueOpts'], data: Record<string, unknown> = {}) =>
        save({ unique: { 'data.user': 'ada' }, uniqueOpts, data: { user: 'ada', ...data }, nextRunAt: new Date() })
      const time = (date: Date | null | undefined) => date?.getTime() ?? Number.NaN
      /** As if what was saved so far had been saved that much earlier. */
      const passTime = async (saved: JobParameters, milliseconds: number) => {
        await store.removeJobs({ id: saved._id })
        const earlier = (date: Date | null | undefined) => (date ? new Date(time(date) - milliseconds) : null)
        await save({
          data: saved.data,
          nextRunAt: earlier(saved.nextRunAt),
          debounceStartedAt: earlier(saved.debounceStartedAt) ?? undefined,
        })
      }

      it('should put an entry off, and again with each save', async () => {
        const before = Date.now()
        const one = await saveDebounced({ debounce: { delay } })
        expect(time(one.nextRunAt)).toBeGreaterThanOrEqual(before + delay)
        expect(time(one.nextRunAt)).toBeLessThanOrEqual(Date.now() + delay)
        const again = Date.now()
        const two = await saveDebounced({ debounce: { delay } }, { turn: 2 })
        expect(two).toMatchObject({ _id: one._id, data: { user: 'ada', turn: 2 } })
        expect(time(two.nextRunAt)).toBeGreaterThanOrEqual(again + delay)
        expect((await store.queryJobs()).total).toBe(1)
      })

      it('should keep entries that are not the same apart', async () => {
        await saveDebounced({ debounce: { delay } })
        await save({ unique: { 'data.user': 'bob' }, uniqueOpts: { debounce: { delay } }, data: { user: 'bob' } })
        expect((await store.queryJobs()).total).toBe(2)
      })

      it('should put off for maxWait at most', async (context) => {
        const options = { debounce: { delay, maxWait: 8000 } }
        const one = await saveDebounced(options)
        await passTime(one, 9000)
        const [moved] = (await store.queryJobs()).jobs
        // A backend may leave `debounceStartedAt` to itself; then time cannot be made to pass.
        if (!moved?.debounceStartedAt) return context.skip()
        const two = await saveDebounced(options, { turn: 2 })
        expect(time(two.nextRunAt)).toBeLessThanOrEqual(Date.now())
        expect(two.data).toEqual({ user: 'ada', turn: 2 })
        expect(two.debounceStartedAt ?? undefined).toBeUndefined()
      })

      it('should let the first save start at once with the leading strategy, and only change data after it', async () => {
        const options = { debounce: { delay, strategy: 'leading' as const } }
        const one = await saveDebounced(options)
        expect(time(one.nextRunAt)).toBeLessThanOrEqual(Date.now())
        const two = await saveDebounced(options, { turn: 2 })
        expect(two).toMatchObject({ _id: one._id, nextRunAt: one.nextRunAt, data: { user: 'ada', turn: 2 } })
      })

      it('should do nothing without unique', async () => {
        await save({ uniqueOpts: { debounce: { delay } } })
        await save({ uniqueOpts: { debounce: { delay } } })
        expect((await store.queryJobs()).total).toBe(2)
      })
    })

    describe('taking the next entry', () => {
      it('should lock it', async () => {
        const saved = await save()
        const now = fromNow(-1)
        expect(await next({ now })).toMatchObject({ _id: saved._id, lockedAt: now, data: { plan: 1 } })
        expect(await read(saved)).toMatchObject({ lockedAt: now, lastModifiedBy: 'this server' })
        expect(await next()).toBeUndefined()
      })

      it('should take what is due first, of that the highest priority', async () => {
        const at = fromNow(-minute)
        const third = await save({ nextRunAt: fromNow(-1000), priority: 20 })
        const second = await save({ nextRunAt: at, priority: 0 })
        const first = await save({ nextRunAt: at, priority: 10 })
        const fourth = await save({ nextRunAt: fromNow(-1), priority: 20 })
        const taken = [await next(), await next(), await next(), await next()].map((found) => found?._id)
        expect(taken).toEqual([first, second, third, fourth].map(({ _id }) => _id))
      })

      it('should take what becomes due until the next scan, and nothing after it', async () => {
        const saved = await save({ nextRunAt: fromNow(10 * minute) })
        expect(await next({ scan: fromNow(5 * minute) })).toBeUndefined()
        expect(await next({ scan: fromNow(20 * minute) })).toMatchObject({ _id: saved._id })
      })

      it('should leave alone other names, disabled entries and those without a time', async () => {
        await save({ name: 'prune' })
        await save({ disabled: true })
        await save({ nextRunAt: null })
        expect(await next()).toBeUndefined()
      })

      it('should take an entry whose lock has expired, whatever its time', async () => {
        for (const nextRunAt of [null, fromNow(60 * minute), fromNow(-minute)]) {
          const saved = await saveLocked({ nextRunAt }, fromNow(-11 * minute))
          expect(await next()).toMatchObject({ _id: saved._id })
        }
      })

      it('should not take an entry whose lock holds, nor one that is disabled', async () => {
        await saveLocked({}, fromNow(-9 * minute))
        await saveLocked({ disabled: true }, fromNow(-11 * minute))
        expect(await next()).toBeUndefined()
      })

      it.skipIf(!isAtomic)(`should give each entry to one of many who ask at once${atomically}`, async () => {
        for (let made = 0; made < 10; made++) await save()
        const taken = await Promise.all(Array.from({ length: 30 }, () => next()))
        const ids = taken.filter((found) => found !== undefined).map(({ _id }) => _id)
        expect(ids).toHaveLength(10)
        expect(new Set(ids).size).toBe(10)
      })
    })

    describe('locks', () => {
      it('should lock an entry once', async () => {
        const saved = await save()
        expect(await store.lockJob(saved, undefined)).toMatchObject({ _id: saved._id, lockedAt: expect.any(Date) })
        expect(await store.lockJob(saved, undefined)).toBeUndefined()
      })

      it('should not lock an entry that is disabled, was moved, was removed or never saved', async () => {
        const disabled = await save({ disabled: true })
        const moved = await save()
        const removed = await save({ name: 'prune' })
        await store.removeJobs({ id: removed._id })
        expect(await store.lockJob(disabled, undefined)).toBeUndefined()
        expect(await store.lockJob({ ...moved, nextRunAt: fromNow(minute) }, undefined)).toBeUndefined()
        expect(await store.lockJob(removed, undefined)).toBeUndefined()
        expect(await store.lockJob(entry(), undefined)).toBeUndefined()
      })

      it('should free an entry that is not at work', async () => {
        const waiting = await saveLocked({}, new Date())
        const atWork = await saveLocked({ nextRunAt: null }, new Date())
        await store.unlockJob(waiting)
        await store.unlockJob(atWork)
        await store.unlockJob(entry())
        expect((await read(waiting)).lockedAt).toBeUndefined()
        expect((await read(atWork)).lockedAt).toBeInstanceOf(Date)
      })

      it('should free the entries that are named', async () => {
        const [one, two, three] = [
          await saveLocked({}, new Date()),
          await saveLocked({ nextRunAt: null }, new Date()),
          await saveLocked({}, new Date()),
        ]
        await store.unlockJobs([String(one._id), String(two._id)])
        await store.unlockJobs([])
        expect((await read(one)).lockedAt).toBeUndefined()
        expect((await read(two)).lockedAt).toBeUndefined()
        expect((await read(three)).lockedAt).toBeInstanceOf(Date)
      })
    })

    describe('asking', () => {
      const namesOf = async (options: Parameters<JobRepository['queryJobs']>[0]) =>
        (await store.queryJobs(options)).jobs.map((found) => found.name)

      it('should find all, by name, by names, by part of a name and by id', async () => {
        const backUp = await save()
        const prune = await save({ name: 'Prune_1%' })
        await save({ name: 'check' })
        expect((await store.queryJobs()).total).toBe(3)
        expect(await namesOf({ name: 'check' })).toEqual(['check'])
        expect((await namesOf({ names: ['check', 'back up', 'sync'] })).sort()).toEqual(['back up', 'check'])
        expect(await namesOf({ search: 'prune' })).toEqual(['Prune_1%'])
        expect(await namesOf({ search: 'nothing' })).toEqual([])
        expect(await namesOf({ id: String(backUp._id) })).toEqual(['back up'])
        expect((await namesOf({ ids: [String(backUp._id), String(prune._id)] })).sort()).toEqual([
          'Prune_1%',
          'back up',
        ])
        expect(await store.getJobById(String(backUp._id))).toMatchObject({ name: 'back up' })
        await store.removeJobs({ id: backUp._id })
        expect(await store.getJobById(String(backUp._id))).toBeNull()
      })

      it('should find by a part of the data', async () => {
        await save({ name: 'one', data: { user: 'ada', at: { home: true, floor: 1 } } })
        await save({ name: 'two', data: { user: 'bob', at: { home: true, floor: 2 } } })
        expect(await namesOf({ data: { user: 'bob' } })).toEqual(['two'])
        expect(await namesOf({ data: { at: { floor: 1 } } })).toEqual(['one'])
        expect((await namesOf({ data: { at: { home: true } } })).sort()).toEqual(['one', 'two'])
        expect(await namesOf({ data: { user: 'ada', at: { floor: 2 } } })).toEqual([])
      })

      it('should leave disabled entries out when asked to', async () => {
        await save({ name: 'on' })
        await save({ name: 'off', disabled: true })
        expect((await namesOf({})).sort()).toEqual(['off', 'on'])
        expect(await namesOf({ includeDisabled: false })).toEqual(['on'])
      })

      it('should give a page, and count all', async () => {
        for (const priority of [1, 2, 3, 4, 5]) await save({ priority })
        const page = await store.queryJobs({ sort: { priority: 'asc' }, skip: 1, limit: 2 })
        expect(page.jobs.map(({ priority }) => priority)).toEqual([2, 3])
        expect(page.total).toBe(5)
        expect((await store.queryJobs({ sort: { priority: 'asc' }, skip: 4 })).jobs).toHaveLength(1)
        expect(await store.queryJobs({ skip: 9, limit: 2 })).toEqual({ jobs: [], total: 5 })
      })

      it('should sort', async () => {
        const soon = await save({ name: 'b', nextRunAt: fromNow(1000), priority: 2 })
        const late = await save({ name: 'a', nextRunAt: fromNow(9000), priority: 1 })
        await store.saveJobState({ ...soon, lastRunAt: fromNow(-9), lastFinishedAt: fromNow(-8) }, undefined)
        await store.saveJobState({ ...late, lastRunAt: fromNow(-7), lastFinishedAt: fromNow(-6) }, undefined)
        expect(await namesOf({})).toEqual(['a', 'b'])
        expect(await namesOf({ sort: { nextRunAt: 'asc' } })).toEqual(['b', 'a'])
        expect(await namesOf({ sort: { nextRunAt: 'desc' } })).toEqual(['a', 'b'])
        expect(await namesOf({ sort: { lastRunAt: 'asc' } })).toEqual(['b', 'a'])
        expect(await namesOf({ sort: { lastFinishedAt: 'desc' } })).toEqual(['a', 'b'])
        expect(await namesOf({ sort: { priority: 'desc' } })).toEqual(['b', 'a'])
        expect(await namesOf({ sort: { name: 'asc' } })).toEqual(['a', 'b'])
      })

      it('should know the state of each entry', async () => {
        const states: Record<JobState, Partial<JobParameters>> = {
          running: { lockedAt: new Date() },
          failed: { failedAt: fromNow(-5), lastFinishedAt: fromNow(-5), nextRunAt: null },
          repeating: { repeatInterval: '5 minutes', nextRunAt: fromNow(minute) },
          scheduled: { nextRunAt: fromNow(minute) },
          queued: { nextRunAt: fromNow(-minute) },
          completed: { lastFinishedAt: fromNow(-5), nextRunAt: null },
          paused: { disabled: true, nextRunAt: fromNow(minute) },
        }
        for (const [state, parts] of Object.entries(states)) {
          const saved = await save({ name: state, ...parts })
          await store.saveJobState({ ...saved, ...parts }, undefined)
        }
        const recovered = await save({ name: 'recovered', nextRunAt: null })
        await store.saveJobState({ ...recovered, failedAt: fromNow(-9), lastFinishedAt: fromNow(-5) }, undefined)

        const expected: Record<JobState, string[]> = {
          running: ['running'],
          failed: ['failed'],
          repeating: ['repeating'],
          scheduled: ['paused', 'scheduled'],
          queued: ['queued'],
          completed: ['completed', 'recovered'],
          paused: ['paused'],
        }
        for (const state of Object.keys(expected) as JobState[]) {
          const found = await store.queryJobs({ state, sort: { name: 'asc' }, limit: 5 })
          expect(found.jobs.map((one) => one.name)).toEqual(expected[state])
          expect(found.total).toBe(expected[state].length)
          if (state !== 'paused') expect(found.jobs.map((one) => one.state)).toContain(state)
        }

        const overview = await store.getJobsOverview()
        const none = { running: 0, scheduled: 0, queued: 0, completed: 0, failed: 0, repeating: 0, paused: 0 }
        expect(overview.find((one) => one.name === 'failed')).toEqual({ ...none, name: 'failed', total: 1, failed: 1 })
        expect(overview.find((one) => one.name === 'paused')).toEqual({
          ...none,
          name: 'paused',
          total: 1,
          scheduled: 1,
          paused: 1,
        })
        expect(overview).toHaveLength(8)
      })

      it('should know the names and how many entries are due', async () => {
        await save()
        await save()
        await save({ name: 'prune', nextRunAt: fromNow(minute) })
        await save({ name: 'prune', nextRunAt: null })
        expect((await store.getDistinctJobNames()).sort()).toEqual(['back up', 'prune'])
        expect(await store.getQueueSize()).toBe(2)
      })
    })

    describe('removing, disabling and enabling', () => {
      const left = async () => (await store.queryJobs({ sort: { name: 'asc' } })).jobs.map((found) => found.name)
      let ids: string[]

      beforeEach(async () => {
        ids = []
        for (const of of ['a', 'b', 'c']) ids.push(String((await save({ name: of, data: { of } }))._id))
      })

      it('should remove by id, by name, by data and by what they are not', async () => {
        expect(await store.removeJobs({ id: ids[0] })).toBe(1)
        expect(await left()).toEqual(['b', 'c'])
        expect(await store.removeJobs({ name: 'b', data: { of: 'c' } })).toBe(0)
        expect(await store.removeJobs({ data: { of: 'c' } })).toBe(1)
        expect(await store.removeJobs({ notNames: ['b', 'x'] })).toBe(0)
        expect(await store.removeJobs({ notNames: ['x'] })).toBe(1)
        expect(await left()).toEqual([])
      })

      it('should remove by ids and by names', async () => {
        expect(await store.removeJobs({ ids: [String(ids[0]), String(ids[2])] })).toBe(2)
        expect(await store.removeJobs({ names: ['a', 'b'] })).toBe(1)
      })

      it('should do nothing where nothing is asked for', async () => {
        for (const options of [{}, { id: undefined }, { ids: [] }, { names: [] }, { notNames: [] }]) {
          expect(await store.removeJobs(options)).toBe(0)
          expect(await store.disableJobs(options)).toBe(0)
          expect(await store.enableJobs(options)).toBe(0)
        }
        expect(await left()).toEqual(['a', 'b', 'c'])
      })

      it('should disable and enable', async () => {
        expect(await store.disableJobs({ names: ['a', 'b'] })).toBe(2)
        expect(await next({ name: 'a' })).toBeUndefined()
        expect((await store.queryJobs({ state: 'paused' })).total).toBe(2)
        expect(await store.enableJobs({ id: ids[0] })).toBe(1)
        expect(await next({ name: 'a' })).toMatchObject({ name: 'a', disabled: false })
        expect(await next({ name: 'b' })).toBeUndefined()
      })

      it('should remove all', async () => {
        expect(await store.purgeAllJobs()).toBe(3)
        expect(await left()).toEqual([])
      })
    })

    describe('journal', () => {
      it('should keep, find, page, sort and clear what happened', async () => {
        const { logger } = backend
        if (!logger) throw new Error('The backend has no journal')
        const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
        const first = {
          timestamp: at(1),
          level: 'info' as const,
          event: 'start' as const,
          jobId: '1',
          jobName: 'back up',
          message: 'job started',
        }
        const second = {
          timestamp: at(2),
          level: 'error' as const,
          event: 'fail' as const,
          jobId: '1',
          jobName: 'back up',
          message: 'job failed',
          error: 'the disk is full',
          failCount: 2,
          duration: 15,
          retryDelay: 100,
          retryAttempt: 2,
          agendaName: 'this server',
          meta: { free: 0 },
        }
        const third = { ...first, timestamp: at(3), jobId: '2', jobName: 'prune' }
        for (const line of [first, second, third]) await logger.log(line)

        const messages = async (query: Parameters<typeof logger.getLogs>[0]) => {
          const { entries, total } = await logger.getLogs(query)
          return [entries.map(({ timestamp }) => timestamp.getUTCSeconds()), total]
        }
        expect((await logger.getLogs({ event: 'fail' })).entries[0]).toMatchObject(second)
        expect(await messages({})).toEqual([[3, 2, 1], 3])
        expect(await messages({ sort: 'asc', limit: 1, offset: 1 })).toEqual([[2], 3])
        expect(await messages({ jobId: '1' })).toEqual([[2, 1], 2])
        expect(await messages({ jobName: 'prune' })).toEqual([[3], 1])
        expect(await messages({ level: ['error', 'warn'] })).toEqual([[2], 1])
        expect(await messages({ event: ['start', 'fail'], from: at(2), to: at(3) })).toEqual([[3, 2], 2])
        expect(await logger.clearLogs({ jobId: '1' })).toBe(2)
        expect(await logger.clearLogs()).toBe(1)
      })
    })

    describe('with Agenda', () => {
      const started = (of: Agenda, event: string) =>
        new Promise<void>((resolve) => {
          of.once(event as 'ready', resolve)
        })

      it('should announce a new entry where the backend has a channel', async (context) => {
        const channel = backend.notificationChannel
        if (!channel) return context.skip()
        // So far apart that only the announcement can start the entry.
        agenda.processEvery(10 * minute)
        agenda.define('back up', async () => {})
        await agenda.start()
        try {
          const done = started(agenda, 'complete:back up')
          await agenda.now('back up', { plan: 1 })
          await done
        } finally {
          await agenda.stop()
        }
      })

      it('should run what is due, repeat what repeats and write down what failed', async () => {
        agenda.processEvery(20)
        const plans: unknown[] = []
        agenda.define<{ plan: number }>('back up', async (job) => {
          plans.push(job.attrs.data.plan)
        })
        agenda.define('fail', async () => {
          throw new Error('the disk is full')
        })
        agenda.define('repeat', async () => {})
        const events = ['complete:back up', 'complete:fail', 'complete:repeat'].map((event) => started(agenda, event))
        await agenda.now('back up', { plan: 7 })
        await agenda.now('fail', {})
        await agenda.every('1 hour', 'repeat')
        await agenda.start()
        try {
          await Promise.all(events)
        } finally {
          await agenda.stop(false)
        }
        expect(plans).toEqual([7])
        expect((await store.queryJobs({ name: 'back up' })).jobs[0]).toMatchObject({ state: 'completed' })
        expect((await store.queryJobs({ name: 'fail' })).jobs[0]).toMatchObject({
          state: 'failed',
          failCount: 1,
          failReason: 'the disk is full',
          nextRunAt: null,
        })
        const [repeating] = (await store.queryJobs({ name: 'repeat' })).jobs
        expect(repeating?.state).toBe('repeating')
        expect(repeating?.nextRunAt?.getTime()).toBeGreaterThan(Date.now() + 59 * minute)
        await backend.disconnect()
      })
    })
  })
}
