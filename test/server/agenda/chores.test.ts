import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createAgenda } from '../../../server/agenda/agenda.ts'
import { openBackend } from '../../../server/agenda/backends.ts'
import { createChores } from '../../../server/agenda/chores.ts'
import type { Chore } from '../../../server/chore.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { hasFerretdb, orSkipped, startFerretdb } from '../../support/ferretdb.ts'
import { poll } from '../../support/poll.ts'
import { startPostgres } from '../../support/postgres.ts'
import { openRecords, recordsFile } from '../../support/records.ts'
import { startServer } from '../../support/server.ts'

const hour = 3_600_000
const name = 'sweep'

interface Options {
  readonly file?: string
  /** The address of the queue; none for the records. */
  readonly url?: string
  readonly every?: number
  readonly work?: Chore['work']
  readonly firstAfter?: number
}

/** A server that has one chore, and counts how often it does it. */
const createServer = async ({ file = recordsFile(), url, every = hour, firstAfter = 50, work }: Options = {}) => {
  const lines: string[] = []
  const log = pino({ base: undefined }, { write: (line) => void lines.push(JSON.parse(line).msg) })
  const backend = await openBackend({ url: url ? new Secret(url) : null, db: await openRecords(file), log })
  const agenda = createAgenda({ backend, log, lookEvery: 20 })
  const done: number[] = []
  const chore: Chore = {
    name,
    every,
    async work(stopping) {
      done.push(Date.now())
      await work?.(stopping)
    },
  }
  const chores = createChores({ agenda, log, chores: [chore], lookEvery: 30, firstAfter })
  let isStopped = false
  const stop = async () => {
    if (isStopped) return
    isStopped = true
    await chores.stop()
    await agenda.drain()
  }
  cleanUpAfter(stop)
  const start = async () => {
    await chores.start()
    await agenda.start()
  }
  const entries = async () => (await agenda.queryJobs({ name })).jobs
  return { store: backend.repository, agenda, chores, lines, done, start, stop, entries, file }
}

/** The entry that an earlier server left. */
const leave = async (
  { store }: Awaited<ReturnType<typeof createServer>>,
  state: { readonly nextRunAt: Date; readonly lockedAt?: Date; readonly lastRunAt?: Date },
) => {
  const entry = {
    name,
    type: 'single',
    priority: 0,
    data: {},
    repeatInterval: hour,
    nextRunAt: state.nextRunAt,
  } as const
  const saved = await store.saveJob(entry, undefined)
  await store.saveJobState({ ...saved, ...state }, undefined)
}

test('one that is new is done soon after the start, and then over and over', async () => {
  const { done, start, entries } = await createServer({ every: 100, firstAfter: 400 })
  const begun = Date.now()
  await start()
  await poll('it was done three times', () => done.length >= 3)
  for (const [index, time] of done.entries()) expect(time - begun).toBeGreaterThanOrEqual(400 + index * 100)
  expect(await entries()).toMatchObject([{ type: 'single', state: expect.stringMatching('repeating|running') }])
})

const longAgo = new Date(Date.now() - hour / 2)

test.each([
  ['missed while no server was there', { nextRunAt: new Date(Date.now() - 5 * hour) }],
  ['cut short with its server', { nextRunAt: new Date(Date.now() + hour / 2), lockedAt: longAgo, lastRunAt: longAgo }],
])('one that was %s is done soon after the start', async (_case, state) => {
  const server = await createServer()
  await leave(server, state)
  await server.start()
  await poll('it was done', () => server.done.length === 1)
  await poll('it is to be done again', async () => {
    const [entry] = await server.entries()
    return Number(entry?.nextRunAt) > Date.now() + hour / 2 && !entry?.lockedAt
  })
  expect(server.done).toHaveLength(1)
})

test('servers that restart often do not put it off', async () => {
  const first = await createServer()
  const nextRunAt = new Date(Date.now() + 2_000)
  await leave(first, { nextRunAt })
  for (let count = 0; count < 3; count += 1) {
    const server = await createServer({ file: first.file })
    await server.start()
    await server.stop()
    expect(await first.entries()).toMatchObject([{ nextRunAt, lockedAt: undefined }])
    expect(server.done).toEqual([])
  }
})

test('one of several servers does it', async () => {
  const one = await createServer({ every: 150 })
  const other = await createServer({ every: 150, file: one.file })
  const begun = Date.now()
  await Promise.all([one.start(), other.start()])
  await poll('it was done ten times', () => one.done.length + other.done.length >= 10)
  const all = [...one.done, ...other.done].toSorted((left, right) => left - right)
  for (const [index, time] of all.entries()) expect(time - begun).toBeGreaterThanOrEqual(50 + index * 150)
  expect(await one.entries()).toHaveLength(1)
})

test('a server that starts leaves one to another that is at it', async () => {
  const end = Promise.withResolvers<void>()
  const one = await createServer({ work: () => end.promise })
  await one.start()
  await poll('it is at work', () => one.done.length === 1)
  const before = await one.entries()
  const other = await createServer({ file: one.file })
  await other.start()
  await delay(500)
  expect(await one.entries()).toMatchObject([{ _id: before[0]?._id, lockedAt: expect.any(Date) }])
  end.resolve()
  await poll('it is at rest', async () => !(await one.entries())[0]?.lockedAt)
  expect([one.done.length, other.done.length]).toEqual([1, 0])
})

test('its entry is written anew where it was removed, or cannot be in time', async () => {
  const server = await createServer()
  const { store, entries, done, start } = server
  await start()
  await poll('it was done', () => done.length === 1)
  const times = async (count: number) => poll(`it was done ${count} times`, () => done.length === count)
  await store.purgeAllJobs()
  await times(2)
  // Written while the clock was years ahead, and taken then by a server that is gone.
  const far = new Date(Date.now() + 10_000 * hour)
  await poll('it is at rest', async () => !(await entries())[0]?.lockedAt)
  await leave(server, { nextRunAt: far })
  await times(3)
  await poll('it is at rest', async () => !(await entries())[0]?.lockedAt)
  await leave(server, { nextRunAt: new Date(), lockedAt: far })
  await times(4)
  await poll('it is at rest', async () => !(await entries())[0]?.lockedAt)
  await store.disableJobs({ name })
  await times(5)
})

/** A queue that is not atomic may have it done twice at once. */
const isDoneByQueueAt = async (url: string) => {
  const { store, entries, done, start } = await createServer({ url })
  const isDoneAgain = async (count: number) => {
    await poll('it was done', () => done.length > count)
    await poll('it is to be done in an hour', async () => {
      const [entry] = await entries()
      return Number(entry?.nextRunAt) > Date.now() + hour / 2 && !entry?.lockedAt
    })
  }
  await start()
  await isDoneAgain(0)
  await store.purgeAllJobs()
  await isDoneAgain(done.length)
  expect(await entries()).toHaveLength(1)
}

test('a queue in PostgreSQL has it done, also after it was emptied', async () => {
  await isDoneByQueueAt((await startPostgres()).url())
})

test.skipIf(!hasFerretdb)(`a queue in MongoDB has it done, also after it was emptied${orSkipped}`, async () => {
  await isDoneByQueueAt((await startFerretdb()).url)
})

test('one that fails is logged, and done again in its time', async () => {
  const { lines, done, start } = await createServer({
    every: 100,
    work: async () => {
      throw new Error('the disk is full')
    },
  })
  await start()
  await poll('it was tried three times', () => done.length >= 3)
  expect(new Set(lines)).toEqual(new Set(['An entry failed']))
})

test('a stop begins none, tells the one at work, and waits for it however silent the queue is', async () => {
  const told = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const { chores, store, done, start } = await createServer({
    every: 100,
    work: async (stopping) => {
      stopping.addEventListener('abort', () => told.resolve())
      await end.promise
    },
  })
  await start()
  await poll('it is at work', () => done.length === 1)
  const answer = Promise.withResolvers<never>()
  cleanUpAfter(() => answer.reject(new Error('the queue is gone')))
  const { saveJobState, getNextJobToRun, queryJobs } = store
  const silent = () => answer.promise
  Object.assign(store, { saveJobState: silent, getNextJobToRun: silent, queryJobs: silent })
  let isStopped = false
  const stopped = chores.stop().then(() => {
    isStopped = true
  })
  await told.promise
  expect(isStopped).toBe(false)
  end.resolve()
  await stopped
  expect(done).toHaveLength(1)
  answer.reject(new Error('the queue is gone'))
  Object.assign(store, { saveJobState, getNextJobToRun, queryJobs })
})

test('a queue that could not be asked is once it can, and says so once', async () => {
  const { store, lines, done, start } = await createServer()
  const { queryJobs } = store
  Object.assign(store, { queryJobs: () => Promise.reject(new Error('the queue is gone')) })
  await start()
  await poll('it has a word', () => lines.length > 0)
  Object.assign(store, { queryJobs })
  await poll('it was done', () => done.length === 1)
  expect(lines.filter((line) => line.startsWith('the queue could not be asked'))).toHaveLength(1)
})

test('the server cleans up and copies its records from time to time, and a start does not wait for that', async () => {
  const begun = Date.now()
  const { dataFolder, stop } = await startServer()
  expect(await stop()).toBe(0)
  const db = await openRecords(join(dataFolder, 'borgitory.sqlite'))
  const entries = await db.agendaJob.findMany({ where: { repeatInterval: String(hour) }, orderBy: { name: 'asc' } })
  expect(entries.map((entry) => entry.name)).toEqual([
    'copy the records',
    'remove expired sessions',
    'tidy the history',
  ])
  for (const { nextRunAt } of entries) expect(Number(nextRunAt) - begun).toBeGreaterThan(60_000)
})
