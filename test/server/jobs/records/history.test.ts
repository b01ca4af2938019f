import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Prisma } from '../../../../prisma/generated/client/client.ts'
import type { Database } from '../../../../server/database/client.ts'
import { createEvents, type Events } from '../../../../server/events.ts'
import { jobKinds } from '../../../../server/jobs/kinds/index.ts'
import { createOutputs, followOutput, type Outputs } from '../../../../server/jobs/output/output.ts'
import { readOutput } from '../../../../server/jobs/output/page.ts'
import { outputSizes } from '../../../../server/jobs/output/sizes.ts'
import { createHistory, type History } from '../../../../server/jobs/records/history.ts'
import { readHistoryLimits } from '../../../../server/jobs/records/history-limits.ts'
import { setUp } from '../../../support/api-client.ts'
import { listen } from '../../../support/app.ts'
import { cleanUpAfter } from '../../../support/cleanup.ts'
import { openRecords } from '../../../support/records.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { idAt } from './ids.ts'

const day = 86_400_000

let db: Database
let events: Events
let outputs: Outputs
let history: History
let repositoryId: string
let planId: string

beforeEach(async () => {
  db = await openRecords()
  events = createEvents()
  outputs = createOutputs({ db, events })
  history = createHistory({ db, events, log: pino({ level: 'silent' }), kinds: jobKinds })
  cleanUpAfter(() => history.stop())
  repositoryId = (await db.repository.create({ data: { name: 'one', location: '/srv/one' } })).id
  planId = (await db.backupPlan.create({ data: { name: 'daily', repositoryId, settings: {} } })).id
})

const limit = (limits: { historyDays?: number; historyJobs?: number; outputBytes?: bigint }) => {
  const data = { historyDays: null, historyJobs: null, outputBytes: null, ...limits }
  return db.settings.upsert({ where: { id: 1 }, create: data, update: data })
}

let made = 0

/** A job that ended so many days ago, a minute after it was made, with a task. */
const addJob = async (daysAgo: number, values: Partial<Prisma.JobUncheckedCreateInput> = {}) => {
  made += 1
  const time = Date.now() - daysAgo * day
  const finishedAt = values.state && values.state !== 'COMPLETED' ? null : new Date(time)
  const { id, tasks } = await db.job.create({
    data: {
      id: idAt(time - 60_000, made),
      createdAt: new Date(time - 60_000),
      kind: 'REFRESH_ARCHIVES',
      state: 'COMPLETED',
      finishedAt,
      repositoryId,
      repositoryName: 'one',
      settings: {},
      tasks: { create: { id: idAt(time - 60_000, made), kind: 'LIST', position: 0, state: 'COMPLETED', finishedAt } },
      ...values,
    },
    include: { tasks: true },
  })
  return { id, taskId: tasks[0]?.id ?? '' }
}

const addJobs = async (count: number, daysAgo: number) => {
  const time = Date.now() - daysAgo * day
  const ids = Array.from({ length: count }, (_, index) => idAt(time + index, index))
  const at = new Date(time)
  const data = ids.map((id) => ({
    id,
    kind: 'REFRESH_ARCHIVES' as const,
    state: 'COMPLETED' as const,
    repositoryName: 'one',
    settings: {},
    createdAt: at,
    finishedAt: at,
  }))
  await db.job.createMany({ data })
  await db.task.createMany({ data: ids.map((id) => ({ id, jobId: id, kind: 'LIST', position: 0, finishedAt: at })) })
  return ids
}

/** So many kilobytes that cannot be compressed. */
const print = async (taskId: string, kilobytes: number) => {
  const writer = outputs.open(taskId)
  const lines = Array.from({ length: kilobytes }, () => randomBytes(1000).toString('base64'))
  await writer.append(lines)
  await writer.close()
}

const jobIds = async () => (await db.job.findMany({ orderBy: { id: 'asc' }, select: { id: true } })).map(({ id }) => id)

const taskOf = (taskId: string) => db.task.findUniqueOrThrow({ where: { id: taskId } })

/** Makes the records refuse something, as a disk that fails would. */
const refuse = (event: string) =>
  db.$executeRawUnsafe(`CREATE TRIGGER refuse BEFORE ${event} BEGIN SELECT RAISE(ABORT, 'refused'); END`)
const refuseNoMore = () => db.$executeRawUnsafe('DROP TRIGGER refuse')

describe('the limit of age', () => {
  test('should remove jobs that ended before it with all that is theirs, and say so', async () => {
    const old = await addJob(40)
    await print(old.taskId, 10)
    await db.fileProblem.createMany({
      data: Array.from({ length: 350 }, (_, position) => ({ taskId: old.taskId, position, message: 'no' })),
    })
    await db.task.update({ where: { id: old.taskId }, data: { fileProblemCount: 350 } })
    const archive = await db.archive.create({
      data: {
        repositoryId,
        borgId: 'a',
        name: 'a',
        startedAt: new Date(),
        hostname: '',
        username: '',
        comment: '',
        jobId: old.id,
      },
    })
    const retried = await addJob(31, { retryOfId: old.id })
    const retry = await addJob(2, { retryOfId: retried.id })
    const young = await addJob(29)
    await limit({ historyDays: 30 })
    const announced = waitFor(await events.watch('history:changed'), () => true)
    await history.tidy()
    expect(await jobIds()).toEqual([young.id, retry.id])
    expect(await db.task.count()).toBe(2)
    expect(await db.outputChunk.count()).toBe(0)
    expect(await db.fileProblem.count()).toBe(0)
    expect(await db.archive.findUnique({ where: { id: archive.id } })).toMatchObject({ name: 'a', jobId: null })
    expect(await db.job.findUnique({ where: { id: retry.id } })).toMatchObject({ retryOfId: null })
    await announced
  })

  test('should count from the end of a job, not from its beginning', async () => {
    const long = await addJob(40, { finishedAt: new Date(Date.now() - 29 * day) })
    await limit({ historyDays: 30 })
    await history.tidy()
    expect(await jobIds()).toEqual([long.id])
  })

  test('should keep what has not ended, and the newest backup of each plan and of each repository', async () => {
    const backup = { kind: 'BACKUP' as const }
    const other = await db.repository.create({ data: { name: 'two', location: '/srv/two' } })
    await addJob(99, { ...backup, planId })
    const ofPlan = await addJob(98, { ...backup, planId })
    const waiting = await addJob(97, { ...backup, repositoryId: other.id, state: 'QUEUED' })
    const running = await addJob(96, { state: 'RUNNING' })
    const toBeTriedAgain = await addJob(95, { state: 'QUEUED', startedAt: new Date(), finishedAt: null })
    await addJob(94, { ...backup, repositoryId: other.id })
    const ofOther = await addJob(93, { ...backup, repositoryId: other.id })
    await addJob(92, backup)
    const ofRepository = await addJob(91, backup)
    await addJob(90)
    await limit({ historyDays: 1 })
    await history.tidy()
    const kept = [ofPlan, waiting, running, toBeTriedAgain, ofOther, ofRepository].map(({ id }) => id)
    expect(await jobIds()).toEqual(kept)
    await history.tidy()
    expect(await jobIds()).toEqual(kept)
  })
})

describe('the limit of number', () => {
  test('should remove the oldest of many jobs, while one runs and others have their turns', async () => {
    const newestBackup = await addJob(9, { kind: 'BACKUP' })
    const ids = await addJobs(1050, 5)
    const running = await addJob(6, { state: 'RUNNING' })
    await limit({ historyJobs: 100 })
    const writer = outputs.open(running.taskId)
    let turns = 0
    let isOver = false
    const tidied = history.tidy().finally(() => {
      isOver = true
    })
    while (!isOver) {
      await writer.append([`turn ${turns}`])
      turns += 1
      await writer.save()
      await new Promise(setImmediate)
    }
    await tidied
    await writer.close()
    expect(turns).toBeGreaterThan(10)
    expect(await jobIds()).toEqual([newestBackup.id, running.id, ...ids.slice(-98)])
    const { lines } = await readOutput(outputs, running.taskId, { after: 0, first: 10_000 })
    expect(lines).toEqual(Array.from({ length: turns }, (_, turn) => `turn ${turn}`))
  })

  test('should leave all jobs where there are not too many, and announce nothing', async () => {
    const ids = await addJobs(100, 5)
    await limit({ historyJobs: 100 })
    let isAnnounced = false
    const changes = await events.watch('history:changed')
    const watched = changes.next().then(({ done }) => {
      isAnnounced = !done
    })
    await history.tidy()
    await new Promise(setImmediate)
    expect(await jobIds()).toEqual(ids)
    expect(isAnnounced).toBe(false)
    events.publish('history:changed', 'the end of the test')
    await watched
  })

  test('should go on after it was interrupted half-way', async () => {
    const ids = await addJobs(550, 5)
    await limit({ historyJobs: 100 })
    await refuse(`DELETE ON "Job" WHEN OLD."id" = '${ids[333]}'`)
    await history.tidy()
    expect(await jobIds()).toEqual(ids.slice(300))
    await refuseNoMore()
    await history.tidy()
    expect(await jobIds()).toEqual(ids.slice(450))
    expect(await db.task.count()).toBe(100)
  })

  test('should stop in the middle, and begin nothing any more', async () => {
    await addJobs(2000, 5)
    await limit({ historyJobs: 100 })
    const tidied = history.tidy()
    while ((await db.job.count()) === 2000) await new Promise(setImmediate)
    await history.stop()
    const left = await db.job.count()
    expect(left).toBeGreaterThan(100)
    await tidied
    await history.tidy()
    expect(await db.job.count()).toBe(left)
  })
})

describe('the limit of output', () => {
  test('should remove the output of the oldest jobs that have ended, and nothing else of them', async () => {
    const tasks = [
      await addJob(10, { state: 'RUNNING' }),
      await addJob(9),
      await addJob(8),
      await addJob(7, { state: 'QUEUED' }),
      await addJob(6),
    ]
    for (const { taskId } of tasks) await print(taskId, 400)
    const [running, large, small, waiting, newest] = tasks.map(({ taskId }) => taskId)
    const before = await outputSizes(db)
    const stored = await db.outputChunk.findMany({ select: { data: true } })
    expect(before).toEqual({ total: BigInt(stored.reduce((sum, { data }) => sum + data.length, 0)), firstId: running })
    expect(before.total).toBeGreaterThan(2_000_000n)

    await limit({ outputBytes: 1_300_000n })
    await history.tidy()
    for (const taskId of [large ?? '', small ?? '']) {
      expect(await taskOf(taskId)).toMatchObject({ lineCount: 400, outputSize: 0n, outputRemovedAt: expect.any(Date) })
      expect(await readOutput(outputs, taskId, { after: 0, first: 10 })).toEqual({ cursor: 0, lines: [] })
      expect(await (await followOutput({ db, events, outputs }, taskId, 0)).next()).toEqual({
        done: true,
        value: undefined,
      })
    }
    for (const taskId of [running ?? '', waiting ?? '', newest ?? '']) {
      expect(await taskOf(taskId)).toMatchObject({ outputRemovedAt: null })
      expect((await readOutput(outputs, taskId, { after: 0, first: 1000 })).lines).toHaveLength(400)
    }
    const after = await outputSizes(db)
    expect(after.total).toBeLessThanOrEqual(1_300_000n)
    expect(after.firstId).toBe(running)
    expect(await jobIds()).toHaveLength(5)
    await history.tidy()
    expect(await outputSizes(db)).toEqual(after)
  })

  test('should remove the output of many tasks together', async () => {
    const ids = await addJobs(450, 5)
    for (const [index, id] of ids.entries()) if (index % 2 === 0) await print(id, 10)
    const { total } = await outputSizes(db)
    await limit({ outputBytes: total / 4n })
    await history.tidy()
    const removed = await db.task.findMany({ where: { outputRemovedAt: { not: null } }, select: { id: true } })
    const expected = ids.filter((_, index) => index % 2 === 0).slice(0, removed.length)
    expect(removed.map(({ id }) => id).sort()).toEqual(expected)
    const left = (await outputSizes(db)).total
    expect(left).toBeLessThanOrEqual(total / 4n)
    expect(left).toBeGreaterThan(total / 4n - 20_000n)
    expect(await db.outputChunk.count()).toBe(225 - removed.length)
  })

  test('should take a large output away that was left half removed', async () => {
    const { taskId } = await addJob(9)
    await print(taskId, 15_000)
    const chunks = await db.outputChunk.findMany({
      where: { taskId },
      orderBy: { first: 'asc' },
      select: { first: true },
    })
    expect(chunks.length).toBeGreaterThan(100)
    await limit({ outputBytes: 1_048_576n })
    await refuse(`DELETE ON "OutputChunk" WHEN OLD."first" = ${chunks.at(-1)?.first}`)
    await history.tidy()
    const left = await db.outputChunk.count()
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(chunks.length)
    expect((await taskOf(taskId)).outputRemovedAt).not.toBeNull()
    expect(await readOutput(outputs, taskId, { after: 0, first: 10 })).toEqual({ cursor: 0, lines: [] })
    await refuseNoMore()
    await history.tidy()
    expect(await db.outputChunk.count()).toBe(0)
    expect(await outputSizes(db)).toEqual({ total: 0n, firstId: null })
  })
})

describe('the API of the history', () => {
  const fields = 'days jobs outputBytes jobCount storedOutputBytes'

  test('should tell and change the limits, and remove what is over them', async () => {
    const { app, client } = await listen()
    db = app.db
    outputs = app.jobs.outputs
    const api = client()
    await setUp(api)
    const columns = { historyDays: true, historyJobs: true, outputBytes: true }
    expect(await readHistoryLimits(db)).toEqual(await db.settings.create({ data: {}, select: columns }))
    repositoryId = (await db.repository.create({ data: { name: 'one', location: '/srv/one' } })).id
    const { taskId } = await addJob(9)
    await print(taskId, 20)
    await addJobs(120, 3)
    const changes = api.subscribe<{ historyChanged: { jobCount: number; jobs: number | null } }>(
      `subscription { historyChanged { ${fields} } }`,
    )
    const stored = Number((await outputSizes(db)).total)
    expect((await changes.next()).value).toEqual({
      historyChanged: {
        days: 365,
        jobs: 100_000,
        outputBytes: 1_073_741_824,
        jobCount: 121,
        storedOutputBytes: stored,
      },
    })
    const { updateHistory } = await api.query<{ updateHistory: unknown }>(
      `mutation { updateHistory(input: { days: null, jobs: 100 }) { ... on History { days jobs outputBytes } } }`,
    )
    expect(updateHistory).toEqual({ days: null, jobs: 100, outputBytes: 1_073_741_824 })
    await waitFor(changes, ({ historyChanged }) => historyChanged.jobCount === 100)
    expect(await api.query(`{ history { ${fields} } }`)).toEqual({
      history: { days: null, jobs: 100, outputBytes: 1_073_741_824, jobCount: 100, storedOutputBytes: 0 },
    })
  })

  test.each([
    ['days: 0', 'days'],
    ['days: 36501', 'days'],
    ['jobs: 99', 'jobs'],
    ['jobs: 10000001', 'jobs'],
    ['outputBytes: 1048575', 'outputBytes'],
  ])('should refuse %s', async (input, path) => {
    const { app, client } = await listen()
    const api = client()
    await setUp(api)
    const { updateHistory } = await api.query<{ updateHistory: unknown }>(
      `mutation { updateHistory(input: { ${input} }) { __typename ... on InvalidInput { fields { path } } } }`,
    )
    expect(updateHistory).toEqual({ __typename: 'InvalidInput', fields: [{ path: [path] }] })
    expect(await app.db.settings.count()).toBe(0)
  })
})
