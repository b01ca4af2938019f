import { beforeAll, expect, test } from 'vitest'
import type { RunState } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../../server/database/client.ts'
import { planStatistics } from '../../../server/plans/statistics.ts'
import { openRecords } from '../../support/records.ts'

let db: Database
let repositoryId: string

beforeAll(async () => {
  db = await openRecords()
  repositoryId = (await db.repository.create({ data: { name: 'r', location: '/r', state: 'READY' } })).id
})

const day = 86_400_000

let count = 0
const newPlan = async () => {
  count += 1
  const settings = { sources: ['/srv'] }
  return (await db.backupPlan.create({ data: { name: `plan ${count}`, repositoryId, settings } })).id
}

/** A UUIDv7 of a moment. */
const idAt = (time: number) => {
  count += 1
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-${String(count).padStart(12, '0')}`
}

interface Run {
  readonly state: RunState
  readonly daysAgo: number
  /** Seconds; null for a job that never began. */
  readonly duration?: number | null
  readonly kind?: 'BACKUP' | 'DRY_RUN'
  readonly backup?: RunState
}

const jobOf = (planId: string, { state, daysAgo, duration = 10, kind = 'BACKUP' }: Run) => {
  const at = Date.now() - daysAgo * day
  const startedAt = duration === null ? null : new Date(at)
  return {
    id: idAt(at),
    planId,
    repositoryId,
    repositoryName: 'r',
    kind,
    state,
    settings: {},
    createdAt: new Date(at),
    startedAt,
    finishedAt: new Date(at + (duration ?? 0) * 1000),
  }
}

const add = async (planId: string, run: Run) => {
  const sizes = { originalSize: 1000n + BigInt(run.daysAgo), deduplicatedSize: 10n }
  const tasks = [
    { position: 0, kind: 'HOOK' as const, state: 'COMPLETED' as const },
    { position: 1, kind: 'BACKUP' as const, state: run.backup ?? run.state, ...sizes },
  ]
  return (await db.job.create({ data: { ...jobOf(planId, run), tasks: { create: tasks } } })).id
}

test('a plan without runs has no rate', async () => {
  expect(await planStatistics({ db }, await newPlan(), 90)).toEqual({
    runCount: 0,
    completedCount: 0,
    warningCount: 0,
    failedCount: 0,
    successRate: null,
    medianDuration: null,
    averageDuration: null,
    runs: [],
  })
})

test('what ended within the period counts, and tells how it went', async () => {
  const planId = await newPlan()
  await add(await newPlan(), { state: 'COMPLETED', daysAgo: 1 })
  await add(planId, { state: 'COMPLETED', daysAgo: 91 })
  await add(planId, { state: 'COMPLETED', daysAgo: 1, kind: 'DRY_RUN' })
  await add(planId, { state: 'RUNNING', daysAgo: 0 })
  await add(planId, { state: 'CANCELLED', daysAgo: 5 })
  const expected = [
    await add(planId, { state: 'COMPLETED', daysAgo: 89, duration: 10 }),
    await add(planId, { state: 'FAILED', daysAgo: 7, duration: 9000, backup: 'FAILED' }),
    await add(planId, { state: 'FAILED', daysAgo: 6, duration: 9000, backup: 'COMPLETED' }),
    await add(planId, { state: 'INTERRUPTED', daysAgo: 4, duration: null }),
    await add(planId, { state: 'COMPLETED_WITH_WARNINGS', daysAgo: 3, duration: 20 }),
    await add(planId, { state: 'COMPLETED', daysAgo: 2, duration: 90 }),
  ]
  const { runs, ...figures } = await planStatistics({ db }, planId, 90)
  expect(figures).toEqual({
    runCount: 6,
    completedCount: 2,
    warningCount: 1,
    failedCount: 3,
    successRate: 0.5,
    medianDuration: 20,
    averageDuration: 40,
  })
  expect(runs.map(({ jobId }) => jobId)).toEqual(expected)
  expect(runs.map(({ duration }) => duration)).toEqual([10, 9000, 9000, null, 20, 90])
  expect(runs.map(({ originalSize }) => originalSize)).toEqual([1089n, null, 1006n, null, 1003n, 1002n])
  expect((await planStatistics({ db }, planId, 5)).runCount).toBe(3)
})

test('of very many runs all are counted, and the newest are told', async () => {
  const planId = await newPlan()
  const jobs = Array.from({ length: 1500 }, (_, index) =>
    jobOf(planId, { state: index % 3 === 0 ? 'FAILED' : 'COMPLETED', daysAgo: 50 - index / 50, duration: index }),
  )
  await db.job.createMany({ data: jobs })
  const { runs, ...figures } = await planStatistics({ db }, planId, 90)
  expect(figures).toMatchObject({ runCount: 1500, completedCount: 1000, failedCount: 500, successRate: 2 / 3 })
  expect(runs.map(({ jobId }) => jobId)).toEqual(jobs.slice(500).map(({ id }) => id))
  // The middle of an even number: of those from 500 to 1499 that no 3 divides.
  expect(figures.medianDuration).toBe(1000)
})
