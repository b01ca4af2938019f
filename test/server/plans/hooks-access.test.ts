import type { ExecutionResult } from 'graphql'
import { beforeAll, expect, test } from 'vitest'
import { createGraphql } from '../../../server/http/graphql.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { packVariables } from '../../../server/secrets/variables.ts'
import { createApp, type TestApp } from '../../support/app.ts'
import { callerOf, viewerAs } from '../../support/viewer.ts'

let tested: TestApp
let planId: string
let hookId: string
let jobId: string
let taskId: string
let repositoryId: string

beforeAll(async () => {
  tested = await createApp()
  const { db } = tested.app
  const repository = await db.repository.create({ data: { name: 'r', location: '/r', state: 'READY' } })
  const plan = await db.backupPlan.create({
    data: { name: 'p', repositoryId: repository.id, settings: { sources: ['/srv'] } },
  })
  const hook = await db.hook.create({
    data: {
      planId: plan.id,
      position: 0,
      name: 'hook',
      moment: 'BEFORE',
      command: 'a command',
      environmentSealed: tested.app.vault.seal(packVariables({ A: new Secret('canary') }), 'something else'),
    },
  })
  const settings = { hookId: hook.id, name: 'hook', moment: 'BEFORE', command: 'a command', workingFolder: null }
  const job = await db.job.create({
    data: {
      kind: 'BACKUP',
      repositoryName: 'r',
      settings: {},
      tasks: {
        create: {
          position: 0,
          kind: 'HOOK',
          commandLine: 'a command',
          settings: { ...settings, environmentSealed: null },
        },
      },
    },
    include: { tasks: true },
  })
  planId = btoa(`BackupPlan:${plan.id}`)
  hookId = btoa(`Hook:${hook.id}`)
  jobId = btoa(`Job:${job.id}`)
  taskId = btoa(`Task:${job.tasks[0]?.id}`)
  repositoryId = btoa(`Repository:${repository.id}`)
})

/** What a person of this role is answered. */
const askAs = async (role: string, query: string) => {
  const operation = createGraphql(tested.app).getEnveloped({
    caller: callerOf(viewerAs(role)),
    isWebSocket: false,
  })
  const document = operation.parse(query)
  expect(operation.validate(operation.schema, document)).toEqual([])
  const result: ExecutionResult = await operation.execute({
    schema: operation.schema,
    document,
    contextValue: await operation.contextFactory(),
  })
  return result
}

/** A new plan, with more of the input than what it must have. */
const create = (more: string) => {
  const settings = 'settings: {sources: ["/srv"]}'
  return `mutation { createPlan(input: {name: "new", repositoryId: "${repositoryId}", ${settings}${more}}) { __typename } }`
}

const hooks = '[{name: "h", moment: BEFORE, command: "true"}]'

test('only administrators read hooks, and say what they are', async () => {
  for (const role of ['VIEWER', 'SOMEBODY']) {
    for (const [query, node] of [
      [`{ node(id: "${planId}") { ... on BackupPlan { hooks { name } } } }`, { hooks: null }],
      [`{ node(id: "${hookId}") { ... on Hook { name } } }`, null],
      [`{ node(id: "${hookId}") { ... on Hook { id } } }`, null],
      [`{ node(id: "${jobId}") { ... on Job { tasks { hookCommand } } } }`, { tasks: [{ hookCommand: null }] }],
      [`{ node(id: "${jobId}") { ... on Job { tasks { commandLine } } } }`, { tasks: [{ commandLine: null }] }],
      [`{ node(id: "${jobId}") { ... on Job { tasks { output { lines } } } } }`, { tasks: [{ output: null }] }],
      [`{ node(id: "${taskId}") { ... on Task { searchOutput(text: "a") { cursor } } } }`, { searchOutput: null }],
    ] as const) {
      expect(await askAs(role, query)).toEqual({ data: { node } })
    }
    for (const mutation of [
      `mutation { updatePlan(input: {id: "${planId}", hooks: ${hooks}}) { __typename } }`,
      `mutation { updatePlan(input: {id: "${planId}", hooks: []}) { __typename } }`,
      create(`, hooks: ${hooks}`),
      create(', hooks: []'),
      create(''),
    ]) {
      const { errors } = await askAs(role, mutation)
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN'])
    }
    expect((await askAs(role, `{ node(id: "${planId}") { ... on BackupPlan { name } } }`)).errors).toBeUndefined()
  }
  expect(await tested.app.db.hook.count()).toBe(1)
  expect(await tested.app.db.backupPlan.count()).toBe(1)
  const { data } = await askAs('ADMINISTRATOR', `{ node(id: "${planId}") { ... on BackupPlan { hooks { command } } } }`)
  expect(data).toEqual({ node: { hooks: [{ command: 'a command' }] } })
})

test('only administrators pause the queue, and say how much runs at once and how long history is kept', async () => {
  for (const query of [
    'mutation { pauseQueue(input: {}) { __typename } }',
    'mutation { resumeQueue { isPaused } }',
    'mutation { updateQueue(input: {concurrentJobs: 9}) { __typename } }',
    'mutation { updateHistory(input: {days: 1}) { __typename } }',
  ]) {
    const { errors } = await askAs('SOMEBODY', query)
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN'])
  }
  expect(await tested.app.db.settings.count()).toBe(0)
})

test('variables that cannot be opened are told so in words, and are to be given anew', async () => {
  const names = `{ node(id: "${hookId}") { ... on Hook { environmentNames } } }`
  expect((await askAs('ADMINISTRATOR', names)).errors?.map(({ message }) => message)).toEqual([
    'A sealed value in the records was changed, or belongs to something else.',
  ])
  const change = (value: string) =>
    askAs(
      'ADMINISTRATOR',
      `mutation { updatePlan(input: {id: "${planId}", hooks: [
        {id: "${hookId}", name: "h", moment: BEFORE, command: "true", environment: [{name: "A" ${value}}]}
      ]}) { __typename ... on InvalidInput { fields { path } } } }`,
    )
  expect((await change('')).data).toEqual({
    updatePlan: { __typename: 'InvalidInput', fields: [{ path: ['hooks', '0', 'environment'] }] },
  })
  expect((await change('value: "new"')).data).toEqual({ updatePlan: { __typename: 'BackupPlan' } })
  expect(await askAs('ADMINISTRATOR', names)).toEqual({ data: { node: { environmentNames: ['A'] } } })
})
