import { beforeAll, expect, test } from 'vitest'
import type { Prisma, RunState } from '../../../../prisma/generated/client/client.ts'
import { type ApiClient, setUp } from '../../../support/api-client.ts'
import { type ListeningApp, listen } from '../../../support/app.ts'

type NewTask = Prisma.TaskUncheckedCreateWithoutJobInput

let server: ListeningApp
let api: ApiClient
let repository: { id: string; name: string }

beforeAll(async () => {
  server = await listen()
  api = server.client()
  await setUp(api)
  const data = { name: 'attic', location: '/srv/attic', state: 'READY' } as const
  repository = await server.app.db.repository.create({ data })
})

const hook = (position: number, name: string, moment: string, more: Partial<NewTask> = {}): NewTask => ({
  ...{ position, kind: 'HOOK', state: 'COMPLETED' },
  settings: { hookId: name, name, moment, command: 'true', workingFolder: null, environmentSealed: null },
  ...more,
})

const task = (position: number, kind: 'BACKUP' | 'LIST', state: RunState = 'COMPLETED'): NewTask => ({
  ...{ position, kind, state },
})

const writeJob = async (state: RunState, tasks: readonly NewTask[]) => {
  const { id } = await server.app.db.job.create({
    data: {
      ...{
        kind: 'BACKUP',
        state,
        repositoryId: repository.id,
        repositoryName: 'as it was called then',
        finishedAt: new Date(),
      },
      settings: { sources: ['/srv'] },
      tasks: { create: [...tasks] },
    },
  })
  return btoa(`Job:${id}`)
}

interface TaskAnswer {
  readonly kind: string
  readonly hookName: string | null
}

const namesOf = (tasks: readonly TaskAnswer[]) => tasks.map(({ kind, hookName }) => hookName ?? kind)

const read = async (id: string) => {
  const { node } = await api.query<{ node: { canRetry: boolean; retryTasks: TaskAnswer[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Job { canRetry retryTasks { id kind hookName } } } }',
    { id },
  )
  return { canRetry: node.canRetry, tasks: namesOf(node.retryTasks) }
}

const retry = async (id: string) => {
  const { retryJob } = await api.query<{ retryJob: { tasks: TaskAnswer[] } & Record<string, unknown> }>(
    `mutation ($id: ID!) { retryJob(input: { id: $id }) { ... on Job {
      canRetry retryTasks { id } repositoryNames repository { name } tasks { kind hookName repositoryName repository { name } }
    } } }`,
    { id },
  )
  // Also of what was only just made.
  const { name } = repository
  expect(retryJob).toMatchObject({ canRetry: false, retryTasks: [], repositoryNames: [name], repository: { name } })
  for (const task of retryJob.tasks) expect(task).toMatchObject({ repositoryName: name, repository: { name } })
  return namesOf(retryJob.tasks)
}

const always = { condition: 'ALWAYS', onFailure: 'CONTINUE' } as const

test.each<[string, RunState, readonly NewTask[], readonly string[]]>([
  [
    'a backup that failed',
    'FAILED',
    [hook(0, 'stop', 'BEFORE'), task(1, 'BACKUP', 'FAILED'), task(2, 'LIST'), hook(3, 'start', 'ALWAYS', always)],
    ['stop', 'BACKUP', 'LIST', 'start'],
  ],
  [
    'a hook after the backup that was cancelled',
    'CANCELLED',
    [task(0, 'BACKUP'), task(1, 'LIST'), hook(2, 'start', 'ALWAYS', { ...always, state: 'CANCELLED' })],
    ['LIST', 'start'],
  ],
  [
    'a hook after the backup that failed',
    'FAILED',
    [
      hook(0, 'stop', 'BEFORE'),
      task(1, 'BACKUP'),
      task(2, 'LIST'),
      hook(3, 'copy', 'ON_SUCCESS', { state: 'FAILED', condition: 'ON_SUCCESS' }),
      hook(4, 'start', 'ALWAYS', always),
    ],
    ['stop', 'LIST', 'copy', 'start'],
  ],
])('a retry of %s does what the job says that it would', async (_what, state, tasks, expected) => {
  const id = await writeJob(state, tasks)
  expect(await read(id)).toEqual({ canRetry: true, tasks: expected })
  expect(await retry(id)).toEqual(expected)
})

test('a job that cannot be tried again has nothing that a retry would do', async () => {
  const id = await writeJob('COMPLETED', [task(0, 'BACKUP'), task(1, 'LIST')])
  expect(await read(id)).toEqual({ canRetry: false, tasks: [] })
})
