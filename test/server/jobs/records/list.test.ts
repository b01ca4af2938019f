import { beforeAll, describe, expect, test } from 'vitest'
import { type Prisma, PrismaClient } from '../../../../prisma/generated/client/client.ts'
import { JobKind, RunState } from '../../../../prisma/generated/client/enums.ts'
import type { Database } from '../../../../server/database/client.ts'
import { openDatabase } from '../../../../server/database/client.ts'
import { sqlite } from '../../../../server/database/sqlite.ts'
import { jobCondition } from '../../../../server/jobs/graphql/filter.ts'
import { type JobCondition, jobsWhere } from '../../../../server/jobs/records/filter.ts'
import { countJobs, newestJob, readJobs } from '../../../../server/jobs/records/list.ts'
import { setUp } from '../../../support/api-client.ts'
import { listen } from '../../../support/app.ts'
import { cleanUpAfter } from '../../../support/cleanup.ts'
import { recordsFile } from '../../../support/records.ts'
import { idAt } from './ids.ts'

const states = Object.values(RunState)
const kinds = Object.values(JobKind)

/** The same numbers in each run, from 0 to `below - 1`. */
const createDice = () => {
  let seed = 1
  return (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
}

const start = Date.parse('2026-01-01T00:00:00Z')
const jobCount = 1500

const file = recordsFile()
let db: Database
const owners = { repositoryId: [] as string[], planId: [] as string[], scheduleId: [] as string[] }
let jobs: Prisma.JobCreateManyInput[]

beforeAll(async () => {
  db = await openDatabase(file)
  for (const name of ['one', 'two', 'three']) {
    const repository = await db.repository.create({ data: { name, location: `/srv/${name}` } })
    const plan = await db.backupPlan.create({ data: { name, repositoryId: repository.id, settings: {} } })
    const schedule = await db.schedule.create({
      data: { name, action: 'BACKUP', planId: plan.id, cron: '@daily', timeZone: 'UTC' },
    })
    owners.repositoryId.push(repository.id)
    owners.planId.push(plan.id)
    owners.scheduleId.push(schedule.id)
  }
  const dice = createDice()
  const one = (ids: readonly string[]) => ids[dice(ids.length + 1)] ?? null
  jobs = Array.from({ length: jobCount }, (_, index) => {
    const time = start + index * 7_000
    return {
      id: idAt(time, index),
      // Of some states and kinds there are many, of others none.
      state: states[Math.floor(Math.sqrt(dice(64)))] ?? 'FAILED',
      kind: kinds[Math.floor(Math.sqrt(dice(25)))] ?? 'BACKUP',
      repositoryName: 'one',
      repositoryId: one(owners.repositoryId),
      planId: one(owners.planId),
      scheduleId: one(owners.scheduleId),
      settings: {},
      // The clock may tick between the id and this.
      createdAt: new Date(time + dice(3) - 1),
    }
  })
  await db.job.createMany({ data: jobs })
  return () => db.$disconnect()
})

/** What the condition means, said once more and without any index. Newest first. */
const expected = ({ states, kinds, createdFrom, createdTo, ...owner }: JobCondition): string[] =>
  jobs
    .filter((job) => !states || states.includes(job.state ?? 'PENDING'))
    .filter((job) => !kinds || kinds.includes(job.kind))
    .filter((job) => !createdFrom || (job.createdAt as Date) >= createdFrom)
    .filter((job) => !createdTo || (job.createdAt as Date) < createdTo)
    .filter((job) => Object.entries(owner).every(([name, id]) => job[name as keyof typeof owner] === id))
    .map(({ id }) => id ?? '')
    .reverse()

const randomConditions = (count: number): JobCondition[] => {
  const dice = createDice()
  const some = <T>(all: readonly T[]) => all.filter(() => dice(3) === 0)
  const one = (name: keyof typeof owners) => ({ [name]: owners[name][dice(3)] ?? '' })
  const noneOrOne = () => (dice(3) === 0 ? { planId: null } : one('planId'))
  const time = () => new Date(start + dice(jobCount) * 7_000)
  return Array.from({ length: count }, () => ({
    ...(dice(2) === 0 && { states: some(states) }),
    ...(dice(2) === 0 && { kinds: some(kinds) }),
    ...(dice(3) === 0 && one('repositoryId')),
    ...(dice(4) === 0 && noneOrOne()),
    ...(dice(4) === 0 && one('scheduleId')),
    ...(dice(4) === 0 && { createdFrom: time() }),
    ...(dice(4) === 0 && { createdTo: time() }),
  }))
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)

/** All pages, one after the other, from the newest on or, where `size` is negative, from the oldest. */
const readAll = async (condition: JobCondition, size: number) => {
  const found: string[] = []
  for (;;) {
    const edge = size > 0 ? found.at(-1) : found[0]
    const page = idsOf(await readJobs(db, { take: size, ...(edge && { cursor: { id: edge } }) }, condition))
    if (size > 0) found.push(...page)
    else found.unshift(...page)
    if (page.length < Math.abs(size)) return found
  }
}

describe('pages of jobs', () => {
  test('should hold what any filter lets through, newest first, forwards and backwards', async () => {
    const all = randomConditions(80)
    expect(all.filter((condition) => expected(condition).length > 20).length).toBeGreaterThan(20)
    for (const condition of [{}, ...all]) {
      const ids = expected(condition)
      const size = ids.length > 300 ? 200 : 7
      expect(await readAll(condition, size), JSON.stringify(condition)).toEqual(ids)
      expect(await readAll(condition, -size), JSON.stringify(condition)).toEqual(ids)
      expect(await countJobs(db, condition), JSON.stringify(condition)).toBe(ids.length)
      expect((await newestJob(db, {}, condition))?.id).toBe(ids[0])
    }
  })

  test('should take the first moment of a time along, and leave the last one out', async () => {
    const { id, createdAt } = jobs[700] ?? {}
    const at = createdAt as Date
    const after = new Date(at.getTime() + 1)
    expect(idsOf(await readJobs(db, { take: 9 }, { createdFrom: at, createdTo: after }))).toEqual([id])
    expect(await readJobs(db, { take: 9 }, { createdFrom: after, createdTo: new Date(at.getTime() + 2) })).toEqual([])
    expect(await readJobs(db, { take: 9 }, { createdTo: new Date(0) })).toEqual([])
  })

  test('should be looked for between a cursor and a time alone, whichever is nearer', () => {
    const times = { createdFrom: new Date(start), createdTo: new Date(start + 1000 * 7_000) }
    const idsIn = (place: Parameters<typeof jobsWhere>[1]) => {
      const { gt, lt } = jobsWhere(times, place).id as Prisma.StringFilter
      return [gt, lt].map((id) => String(id).slice(0, 13))
    }
    const middle = idAt(start + 500 * 7_000)
    const edges = [idAt(start - 10_000).slice(0, 13), idAt(start + 1000 * 7_000 + 10_000).slice(0, 13)]
    expect(idsIn({ after: middle })).toEqual([middle.slice(0, 13), edges[1]])
    expect(idsIn({ before: middle })).toEqual([edges[0], middle.slice(0, 13)])
    expect(idsIn({ after: idAt(0) })).toEqual(edges)
    expect(idsIn({ before: idAt(2 ** 48 - 1) })).toEqual(edges)
  })

  test('should go on after a job that was removed since', async () => {
    const [, second, third] = expected({})
    const gone = `${second?.slice(0, -1)}f`
    expect(idsOf(await readJobs(db, { take: 1, cursor: { id: gone } }, {}))).toEqual([second])
    expect(idsOf(await readJobs(db, { take: 1, cursor: { id: second ?? '' } }, {}))).toEqual([third])
  })

  test('should be found by an index alone, whatever they are asked by', async () => {
    const [repositoryId = '', planId = '', scheduleId = ''] = Object.values(owners).map(([id]) => id)
    const byStateAndKind = 'state=\\? AND kind=\\? AND id'
    const indexes = {
      sqlite_autoindex_Job_1: [{}, { createdFrom: new Date(start) }],
      Job_state_kind_id_idx: [{ states: ['FAILED'] }, { kinds: ['BACKUP'] }, { states, kinds }],
      Job_repositoryId_state_kind_id_idx: [{ repositoryId }, { repositoryId, states: ['FAILED'], kinds: ['BACKUP'] }],
      'Job_(plan|repository)Id_state_kind_id_idx': [{ planId }, { planId, repositoryId, kinds: ['BACKUP'] }],
      'Job_(schedule|plan|repository)Id_state_kind_id_idx': [{ scheduleId }, { scheduleId, planId, repositoryId }],
    } satisfies Record<string, JobCondition[]>
    const sent: Prisma.QueryEvent[] = []
    const logging = new PrismaClient({ adapter: sqlite(file), log: [{ emit: 'event', level: 'query' }] })
    logging.$on('query', (event) => sent.push(event))
    cleanUpAfter(() => logging.$disconnect())
    for (const [index, conditions] of Object.entries(indexes)) {
      for (const condition of conditions) {
        for (const take of [-51, 51]) {
          sent.length = 0
          await readJobs(logging, { take, cursor: { id: jobs[5]?.id ?? '' } }, condition)
          const { query = '', params = '[]' } = sent.find(({ query }) => query.includes('FROM `main`.`Job`')) ?? {}
          const plan = await db.$queryRawUnsafe<{ detail: string }[]>(
            `EXPLAIN QUERY PLAN ${query}`,
            ...JSON.parse(params),
          )
          const [search, ...others] = plan.map(({ detail }) => detail)
          expect(others.filter((detail) => detail !== 'USE TEMP B-TREE FOR ORDER BY')).toEqual([])
          expect(search).toMatch(
            new RegExp(`USING (COVERING )?INDEX ${index} \\(.*${index.includes('_state_') ? byStateAndKind : 'id'}`),
          )
        }
      }
    }
  })
})

describe('the filter of an owner’s jobs', () => {
  test('should be none where it asks for the jobs of another', () => {
    const filter = { planId: { id: 'p', typename: 'BackupPlan' }, states: [RunState.FAILED] }
    expect(jobCondition(filter, { repositoryId: 'r' })).toEqual({ repositoryId: 'r', planId: 'p', states: ['FAILED'] })
    expect(jobCondition(filter, { planId: 'p' })).toEqual({ planId: 'p', states: ['FAILED'] })
    expect(jobCondition(filter, { planId: 'q' })).toMatchObject({ states: [] })
  })
})

describe('the API of lists of jobs', () => {
  interface Jobs {
    readonly totalCount: number
    readonly pageInfo: Readonly<Record<string, unknown>> & { readonly startCursor: string; readonly endCursor: string }
    readonly edges: readonly {
      readonly node: { readonly repositoryName: string; readonly tasks: readonly unknown[] }
    }[]
  }
  const fields = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { node { repositoryName repository { name } tasks { id kind } } }`

  test('should give pages in both directions, of all jobs and of those of a repository, a plan and a schedule', async () => {
    const { app, client } = await listen()
    const api = client()
    await setUp(api)
    const [repository, other] = await Promise.all(
      ['one', 'two'].map((name) => app.db.repository.create({ data: { name, location: `/srv/${name}` } })),
    )
    const repositoryId = repository?.id ?? ''
    const plan = await app.db.backupPlan.create({ data: { name: 'daily', repositoryId, settings: { sources: ['/'] } } })
    const schedule = await app.db.schedule.create({
      data: { name: 'daily', action: 'BACKUP', planId: plan.id, cron: '@daily', timeZone: 'UTC' },
    })
    for (let index = 0; index < 7; index++) {
      await app.db.job.create({
        data: {
          id: idAt(start + index * 60_000, index),
          createdAt: new Date(start + index * 60_000),
          kind: 'BACKUP',
          state: index === 3 ? 'FAILED' : index === 4 ? 'RUNNING' : 'COMPLETED',
          repositoryId: index === 5 ? (other?.id ?? '') : repositoryId,
          ...(index < 5 && { planId: plan.id, scheduleId: schedule.id }),
          repositoryName: `job ${index}`,
          settings: {},
          tasks: {
            create: [
              { kind: 'LIST', position: 1 },
              { kind: 'BACKUP', position: 0 },
            ],
          },
        },
      })
    }
    const read = async (variables: object) => {
      const { jobs } = await api.query<{ jobs: Jobs }>(
        `query ($filter: JobFilter, $first: Int, $after: String, $last: Int, $before: String) {
          jobs(filter: $filter, first: $first, after: $after, last: $last, before: $before) { ${fields} }
        }`,
        { ...variables },
      )
      return jobs
    }
    const names = ({ edges }: Jobs) => edges.map(({ node }) => Number(node.repositoryName.slice(4)))

    const first = await read({ first: 3 })
    expect(first).toMatchObject({ totalCount: 7, pageInfo: { hasNextPage: true, hasPreviousPage: false } })
    expect(names(first)).toEqual([6, 5, 4])
    expect(first.edges[0]?.node.tasks).toMatchObject([{ kind: 'BACKUP' }, { kind: 'LIST' }])
    const second = await read({ first: 3, after: first.pageInfo.endCursor })
    expect(names(second)).toEqual([3, 2, 1])
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    const third = await read({ first: 3, after: second.pageInfo.endCursor })
    expect(names(third)).toEqual([0])
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    const back = await read({ last: 3, before: third.pageInfo.startCursor })
    expect(names(back)).toEqual([3, 2, 1])
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    expect(names(await read({ last: 2 }))).toEqual([1, 0])
    const times = { createdFrom: new Date(start + 60_000), createdTo: new Date(start + 240_000) }
    expect(names(await read({ filter: { ...times, states: ['COMPLETED', 'COMPLETED'] } }))).toEqual([2, 1])

    const ids = await api.query<Record<string, { edges: { node: { id: string } }[] }>>(
      '{ repositories(first: 5) { edges { node { id } } } plans { edges { node { id } } } schedules { edges { node { id } } } }',
    )
    const idOf = (list: string) => ids[list]?.edges[0]?.node.id
    const { repositories, plans, schedules } = await api.query<Record<string, { jobs: Jobs; latest?: object }>>(
      `query ($repository: ID!, $plan: ID!, $schedule: ID!) {
        repositories: node(id: $repository) { ... on Repository { latestBackup { repositoryName } latestManualBackup { repositoryName } jobs(first: 2, filter: { planId: $plan }) { ${fields} } } }
        plans: node(id: $plan) { ... on BackupPlan { latestJob { repositoryName } latestEndedJob { repositoryName } jobs(first: 2, filter: { states: [FAILED] }) { ${fields} } } }
        schedules: node(id: $schedule) { ... on Schedule { jobs(last: 2) { ${fields} } } }
      }`,
      { repository: idOf('repositories'), plan: idOf('plans'), schedule: idOf('schedules') },
    )
    expect(repositories).toMatchObject({
      latestBackup: { repositoryName: 'job 6' },
      latestManualBackup: { repositoryName: 'job 6' },
      jobs: { totalCount: 5 },
    })
    expect(repositories && names(repositories.jobs)).toEqual([4, 3])
    expect(plans).toMatchObject({
      latestJob: { repositoryName: 'job 4' },
      latestEndedJob: { repositoryName: 'job 3' },
      jobs: { totalCount: 1 },
    })
    expect(plans && names(plans.jobs)).toEqual([3])
    expect(schedules && names(schedules.jobs)).toEqual([1, 0])
  })
})
