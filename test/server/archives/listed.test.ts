import { beforeAll, describe, expect, test } from 'vitest'
import type { Prisma, RunState } from '../../../prisma/generated/client/client.ts'
import { archiveColumns, readListed } from '../../../server/archives/listed.ts'
import { archiveComment } from '../../../server/borg/archive-comment.ts'
import type { ListedArchive } from '../../../server/borg/list.ts'
import type { Database } from '../../../server/database/client.ts'
import { openRecords } from '../../support/records.ts'

let db: Database
let repositoryId: string

beforeAll(async () => {
  db = await openRecords()
  repositoryId = (await db.repository.create({ data: { name: 'attic', location: '/srv/attic' } })).id
})

const writeJob = async (state: RunState, more: Partial<Prisma.JobUncheckedCreateInput> = {}) => {
  const { id } = await db.job.create({
    data: {
      ...{ kind: 'BACKUP', state, repositoryId, repositoryName: 'attic', settings: { sources: ['/b', '/a'] } },
      tasks: { create: { position: 0, kind: 'BACKUP', state } },
      ...more,
    },
  })
  return id
}

const listed = (name: string, jobId: string | null, second = 1): ListedArchive => {
  const [startedAt, finishedAt] = [new Date(second * 1000), new Date(second * 1000 + 500)]
  const comment = jobId === null ? 'mine' : archiveComment('mine', { jobId, planId: 'plan', planName: 'Photos' })
  return { borgId: `id of ${name}`, name, startedAt, finishedAt, hostname: 'here', username: 'ada', comment }
}

const columnsOf = (...archives: readonly ListedArchive[]) => archiveColumns(db, repositoryId, readListed(archives))

const unknown = expect.stringContaining('was stopped before it could tell')

describe('an archive that the records do not know', () => {
  test('is whole and of its job where that was completed here', async () => {
    const jobId = await writeJob('COMPLETED_WITH_WARNINGS')
    expect(await columnsOf(listed('a', jobId))).toMatchObject([
      {
        ...{ jobId, planId: 'plan', planName: 'Photos', comment: 'mine', sources: ['/a', '/b'] },
        ...{ incompleteReason: null, isMarked: false },
      },
    ])
  })

  test('also after its repository was removed here and imported again', async () => {
    const jobId = await writeJob('COMPLETED', { repositoryId: null })
    expect(await columnsOf(listed('a', jobId))).toMatchObject([{ jobId, incompleteReason: null }])
  })

  test.each<RunState>(['FAILED', 'CANCELLED', 'INTERRUPTED', 'RUNNING'])(
    'may lack something where its job is %s',
    async (state) => {
      const jobId = await writeJob(state)
      expect(await columnsOf(listed('a', jobId))).toMatchObject([{ jobId, incompleteReason: unknown, isMarked: false }])
    },
  )

  test('may lack something where it is of a try before the one that was completed', async () => {
    const jobId = await writeJob('COMPLETED')
    expect(await columnsOf(listed('b', jobId, 2), listed('a', jobId, 1))).toMatchObject([
      { jobId, incompleteReason: null },
      { jobId: null, incompleteReason: unknown },
    ])
  })

  test('is what its name says where another Borgitory made it, or somebody else', async () => {
    const elsewhere = { planId: 'plan', planName: 'Photos', jobId: null }
    const nobody = { planId: null, planName: null, jobId: null }
    expect(
      await columnsOf(
        listed('a', 'job'),
        listed('b.incomplete', 'job 2'),
        listed('c', null),
        listed('d.checkpoint', null),
      ),
    ).toMatchObject([
      { ...elsewhere, incompleteReason: null, isMarked: false },
      { ...elsewhere, incompleteReason: expect.stringMatching(/^Its name says/), isMarked: true },
      { ...nobody, incompleteReason: null, isMarked: false },
      { ...nobody, incompleteReason: expect.stringMatching(/^It is a checkpoint/), isMarked: true },
    ])
  })

  test('is not of a job of another repository, nor of one that made no archive', async () => {
    const other = await db.repository.create({ data: { name: 'other', location: '/srv/other' } })
    const foreign = await writeJob('FAILED', { repositoryId: other.id })
    const refresh = await writeJob('FAILED', { kind: 'REFRESH_ARCHIVES' })
    const columns = await columnsOf(listed('a', foreign), listed('b', refresh))
    expect(columns).toMatchObject([
      { jobId: null, incompleteReason: null },
      { jobId: null, incompleteReason: null },
    ])
    await db.archive.createMany({ data: columns })
    await db.repository.delete({ where: { id: other.id } })
  })
})
