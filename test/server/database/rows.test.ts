import { beforeAll, describe, expect, test } from 'vitest'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import { type Database, openDatabase } from '../../../server/database/client.ts'
import { readRows } from '../../../server/database/rows.ts'
import { recordsFile } from '../../support/records.ts'

const planned = 30
const all = { where: {}, orderBy: { id: 'desc' } } as const

let db: Database

beforeAll(async () => {
  db = await openDatabase(recordsFile())
  const user = await db.user.create({ data: { username: 'ada', passwordHash: '', role: 'ADMINISTRATOR' } })
  const repository = await db.repository.create({ data: { name: 'one', location: '/srv/one' } })
  const plan = await db.backupPlan.create({ data: { name: 'daily', repositoryId: repository.id, settings: {} } })
  let retryOfId: string | null = null
  for (let index = 0; index < planned; index++) {
    const job: { id: string } = await db.job.create({
      data: {
        kind: 'BACKUP',
        repositoryName: 'one',
        settings: { sources: [`/${index}`] },
        ...(index % 3 > 0 && { planId: plan.id, repositoryId: repository.id }),
        ...(index % 4 > 0 && { requestedById: user.id }),
        ...(index % 5 > 0 && { retryOfId }),
        tasks: {
          create: Array.from({ length: index % 4 }, (_, position) => ({
            kind: 'BACKUP' as const,
            position: 9 - position,
            originalSize: 2n ** 40n,
            startedAt: new Date(index),
            fileProblems: {
              create: [
                { position: 1, message: 'one' },
                { position: 0, message: 'two' },
              ],
            },
          })),
        },
      },
    })
    if (index % 2 === 0) retryOfId = job.id
  }
  return () => db.$disconnect()
})

/** Leaves out the keys that rows are found by, which `readRows` adds. */
const asSelected = (value: unknown, select: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item) => asSelected(item, select))
  if (value === null || typeof value !== 'object' || typeof select !== 'object' || select === null) return value
  return Object.fromEntries(
    Object.entries(select).map(([name, part]) => [
      name,
      asSelected((value as Record<string, unknown>)[name], (part as { select?: unknown }).select),
    ]),
  )
}

describe('rows with what is related to them', () => {
  test.each<[string, Prisma.JobSelect]>([
    ['columns alone', { id: true, kind: true, settings: true, createdAt: true }],
    [
      'one row, which some do not have',
      { plan: { select: { name: true } }, requestedBy: { select: { username: true } } },
    ],
    [
      'many, in their order',
      { id: true, tasks: { select: { id: true, originalSize: true, startedAt: true }, orderBy: { position: 'asc' } } },
    ],
    [
      'others of the same model, both ways',
      { retryOf: { select: { id: true } }, retries: { select: { kind: true }, orderBy: { id: 'desc' } } },
    ],
    [
      'what is related to the related',
      {
        tasks: {
          orderBy: { position: 'desc' },
          select: { fileProblems: { select: { message: true }, orderBy: { position: 'asc' } } },
        },
        retryOf: { select: { repository: { select: { name: true, plans: { select: { name: true } } } } } },
      },
    ],
    [
      'pages, conditions and counts of their own',
      {
        tasks: { take: 1, orderBy: { position: 'asc' }, select: { position: true } },
        retries: { where: { state: 'FAILED' }, select: { id: true } },
        _count: { select: { tasks: true } },
        lease: { select: { jobId: true } },
        archives: true,
      },
    ],
  ])('should be what Prisma reads: %s', async (_what, select) => {
    const expected = await db.job.findMany({ ...all, select })
    const rows = await readRows(db, 'Job', { ...all, select })
    expect(rows).toHaveLength(planned)
    expect(rows.map((row) => asSelected(row, select))).toEqual(expected.map((row) => asSelected(row, select)))
  })

  test('should be found by more keys than one statement takes', async () => {
    const { id } = await db.job.create({ data: { kind: 'BACKUP', repositoryName: 'one', settings: {} } })
    const count = 1_200
    await db.job.createMany({
      data: Array.from({ length: count }, () => ({
        kind: 'BACKUP',
        repositoryName: 'two',
        settings: {},
        retryOfId: id,
      })),
    })
    const some = await db.job.findMany({ where: { retryOfId: id } })
    await db.task.createMany({
      data: some.map((job) => ({ jobId: job.id, position: 0, kind: 'BACKUP', message: job.id })),
    })
    const [job] = await readRows(db, 'Job', {
      where: { id },
      select: { retries: { select: { id: true, tasks: { select: { message: true } } } } },
    })
    const retries = job?.retries as { id: string; tasks: { message: string }[] }[]
    expect(retries).toHaveLength(count)
    expect(retries.filter(({ id, tasks }) => tasks.length === 1 && tasks[0]?.message === id)).toHaveLength(count)
  })
})
