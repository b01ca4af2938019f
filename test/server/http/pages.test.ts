import { beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { schema } from '../../../server/schema/index.ts'
import { type ApiClient, setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'

let db: Database
let client: ApiClient
let repositoryId: string
let taskId: string

const count = 6

beforeAll(async () => {
  const server = await listen()
  db = server.app.db
  client = server.client()
  await setUp(client)
  const numbers = Array.from({ length: count }, (_, index) => index)
  const columns = { location: '/srv/one', state: 'READY' } as const
  repositoryId = (await db.repository.create({ data: { ...columns, name: 'one 0' } })).id
  const settings = { sources: ['/srv'] }
  for (const number of numbers) {
    await db.repository.create({ data: { name: `two ${number}`, location: `/srv/two${number}` } })
    const plan = await db.backupPlan.create({ data: { name: `plan ${number}`, repositoryId, settings } })
    await db.schedule.create({
      data: { name: `schedule ${number}`, action: 'BACKUP', planId: plan.id, cron: '0 0 * * *', timeZone: 'UTC' },
    })
    await db.archive.create({
      data: {
        repositoryId,
        borgId: String(number),
        name: `archive ${number}`,
        startedAt: new Date(number),
        hostname: '',
        username: '',
        comment: '',
      },
    })
    await db.job.create({ data: { kind: 'REFRESH_ARCHIVES', repositoryId, repositoryName: 'one', settings: {} } })
  }
  const job = await db.job.create({
    data: {
      kind: 'BACKUP',
      repositoryId,
      repositoryName: 'one',
      settings,
      tasks: { create: [{ position: 0, kind: 'BACKUP' }] },
    },
    include: { tasks: true },
  })
  taskId = job.tasks[0]?.id ?? ''
  await db.fileProblem.createMany({ data: numbers.map((position) => ({ taskId, position, message: 'unreadable' })) })
})

interface Page {
  readonly totalCount: number
  readonly nodes: readonly { readonly id: string }[]
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Every list that there is, as an operation with the arguments of one page. */
const lists: Record<string, (page: string, selection: string) => string> = {
  jobs: (page, selection) => `{ list: jobs${page} ${selection} }`,
  plans: (page, selection) => `{ list: plans${page} ${selection} }`,
  schedules: (page, selection) => `{ list: schedules${page} ${selection} }`,
  repositories: (page, selection) => `{ list: repositories${page} ${selection} }`,
  'archives of a repository': (page, selection) =>
    `{ node(id: "${btoa(`Repository:${repositoryId}`)}") { ... on Repository { list: archives${page} ${selection} } } }`,
  'plans of a repository': (page, selection) =>
    `{ node(id: "${btoa(`Repository:${repositoryId}`)}") { ... on Repository { list: plans${page} ${selection} } } }`,
  'jobs of a repository': (page, selection) =>
    `{ node(id: "${btoa(`Repository:${repositoryId}`)}") { ... on Repository { list: jobs${page} ${selection} } } }`,
  'file problems of a task': (page, selection) =>
    `{ node(id: "${btoa(`Task:${taskId}`)}") { ... on Task { list: fileProblems${page} ${selection} } } }`,
}

const whole = '{ totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage endCursor } }'

const ask = async (list: string, page: string, selection = whole) => {
  const { data, errors } = await client.request<{ list?: Page; node?: { list: Page } }>(
    lists[list]?.(page, selection) ?? '',
  )
  return { page: data?.list ?? data?.node?.list, errors }
}

const code = (errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[] | undefined) =>
  errors?.map(({ extensions }) => extensions?.code)

describe.each(Object.keys(lists))('a page of %s', (list) => {
  it('should have its items with and without cursors, and pages that follow without a gap', async () => {
    const { page: all } = await ask(list, '')
    const ids = all?.nodes.map(({ id }) => id) ?? []
    expect(ids.length).toBe(all?.totalCount)
    expect(ids.length).toBeGreaterThanOrEqual(count)
    expect(all?.edges.map(({ node }) => node)).toEqual(all?.nodes)
    const found: string[] = []
    for (let after: string | null = null, goesOn = true; goesOn; ) {
      const { page, errors } = await ask(list, `(first: 4${after === null ? '' : `, after: "${after}"`})`)
      expect(errors).toBeUndefined()
      found.push(...(page?.nodes.map(({ id }) => id) ?? []))
      after = page?.pageInfo.endCursor ?? null
      goesOn = page?.pageInfo.hasNextPage ?? false
    }
    expect(found).toEqual(ids)
    const { page: counted } = await ask(list, '(first: 1)', '{ totalCount }')
    expect(counted).toEqual({ totalCount: all?.totalCount })
  })

  it('should be refused where its arguments contradict each other', async () => {
    const { page } = await ask(list, '(first: 2)')
    const [one, two] = page?.edges.map(({ cursor }) => cursor) ?? []
    for (const args of [
      'first: 1, last: 1',
      `after: "${one}", before: "${two}"`,
      `first: 1, before: "${two}"`,
      `last: 1, after: "${one}"`,
      'first: -1',
      'last: -1',
    ]) {
      const { page, errors } = await ask(list, `(${args})`)
      expect(page ?? null, args).toBeNull()
      expect(code(errors), args).toEqual(['BAD_PAGE'])
    }
  })

  it('should never be an empty last one because the row of its cursor is gone', async () => {
    const cursor = btoa('GPC:S:01900000-0000-7000-8000-00000000000f')
    for (const args of [`first: 2, after: "${cursor}"`, `last: 2, before: "${cursor}"`]) {
      const { page, errors } = await ask(list, `(${args})`)
      // Jobs lie in the order of their ids, so that the place of one is known without it.
      if (list.startsWith('jobs'))
        expect([errors, page?.nodes.length], args).toEqual([undefined, args[0] === 'f' ? 0 : 2])
      else expect(code(errors), args).toEqual(['BAD_CURSOR'])
    }
  })
})

it('should go on after a job that was removed since', async () => {
  const { page } = await ask('jobs', '(first: 3)')
  const [, removed, next] = page?.edges ?? []
  const row = await db.job.delete({ where: { id: atob(removed?.node.id ?? '').split(':')[1] ?? '' } })
  const { page: rest } = await ask('jobs', `(first: 1, after: "${removed?.cursor}")`)
  expect(rest?.nodes).toEqual([next?.node])
  await db.job.create({ data: { ...row, settings: {} } })
})

it('should be of one connection and one edge for each type, named after it', () => {
  const names = Object.keys(schema.getTypeMap()).filter((name) => /(?:Connection|Edge)$/.test(name))
  const nodes = ['ApiToken', 'Archive', 'BackupPlan', 'FileProblem', 'Job', 'Repository', 'Schedule', 'User']
  expect(names.toSorted()).toEqual(nodes.flatMap((name) => [`${name}Connection`, `${name}Edge`]))
})
