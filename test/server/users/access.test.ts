import {
  type ExecutionResult,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGraphql } from '../../../server/http/graphql.ts'
import { schema } from '../../../server/schema/index.ts'
import type { Viewer } from '../../../server/users/rights.ts'
import { createApp, type TestApp } from '../../support/app.ts'
import { argumentsFor, operationFor } from '../../support/sample-operations.ts'
import { callerOf, viewerAs } from '../../support/viewer.ts'

let tested: TestApp

/** By type: an object of each that has an id. */
const ids = new Map<string, string>()

const owner = '00000000-0000-7000-8000-00000000000a'

const viewers = {
  'a viewer': viewerAs('VIEWER', null, owner),
  'a viewer’s token': viewerAs('VIEWER', 'FULL', owner),
  'a token that may only read': viewerAs('ADMINISTRATOR', 'READ', owner),
  'a role that nobody knows': viewerAs('SOMEBODY', null, owner),
}

const administrator = viewerAs('ADMINISTRATOR', null, owner)

beforeAll(async () => {
  tested = await createApp()
  const { db } = tested.app
  await db.user.create({ data: { id: owner, username: 'ada', passwordHash: 'x', role: 'VIEWER' } })
  const other = await db.user.create({ data: { username: 'grace', passwordHash: 'x', role: 'ADMINISTRATOR' } })
  const token = await db.apiToken.create({ data: { userId: owner, name: 'own', scope: 'READ', tokenHash: 'a' } })
  await db.apiToken.create({ data: { userId: other.id, name: 'canary', scope: 'FULL', tokenHash: 'b' } })
  const repository = await db.repository.create({ data: { name: 'r', location: '/nowhere', state: 'READY' } })
  const plan = await db.backupPlan.create({
    data: { name: 'p', repositoryId: repository.id, settings: { sources: ['/srv'] } },
  })
  const hook = await db.hook.create({
    data: { planId: plan.id, position: 0, name: 'h', moment: 'BEFORE', command: 'canary' },
  })
  const schedule = await db.schedule.create({
    data: { name: 's', action: 'BACKUP', planId: plan.id, cron: '0 0 * * *', timeZone: 'UTC' },
  })
  const hookSettings = { hookId: hook.id, name: 'h', moment: 'BEFORE', command: 'canary', workingFolder: null }
  const job = await db.job.create({
    data: {
      kind: 'BACKUP',
      repositoryName: 'r',
      repositoryId: repository.id,
      planId: plan.id,
      scheduleId: schedule.id,
      requestedById: other.id,
      settings: { sources: ['/srv'] },
      tasks: {
        create: [
          {
            position: 0,
            kind: 'HOOK',
            commandLine: 'canary',
            output: { create: { first: 0, lineCount: 1, compressed: false, data: Buffer.from('canary') } },
            settings: { ...hookSettings, environmentSealed: null },
          },
          {
            position: 1,
            kind: 'BACKUP',
            commandLine: 'borg create',
            currentPath: 'canary',
            fileProblems: { create: { position: 0, path: 'canary', message: 'canary' } },
          },
        ],
      },
    },
    include: { tasks: { include: { fileProblems: true } } },
  })
  const archive = await db.archive.create({
    data: {
      repositoryId: repository.id,
      borgId: 'a'.repeat(64),
      name: 'a',
      startedAt: new Date(),
      hostname: 'h',
      username: 'u',
      comment: '',
      jobId: job.id,
    },
  })
  await db.settings.create({ data: { pausedAt: new Date(), pausedById: other.id } })
  const [hookTask, task] = job.tasks
  const rows = {
    ApiToken: token,
    Archive: archive,
    BackupPlan: plan,
    FileProblem: task?.fileProblems[0],
    Hook: hook,
    Job: job,
    Repository: repository,
    Schedule: schedule,
    Task: task,
    User: { id: owner },
  }
  for (const [type, row] of Object.entries(rows)) ids.set(type, btoa(`${type}:${row?.id}`))
  ids.set('Task of a hook', btoa(`Task:${hookTask?.id}`))
  ids.set('User besides', btoa(`User:${other.id}`))
})

const isAsyncIterable = <T>(value: object): value is AsyncIterable<T> => Symbol.asyncIterator in value

const ask = async (viewer: Viewer, query: string) => {
  const operation = createGraphql(tested.app).getEnveloped({ caller: callerOf(viewer), isWebSocket: false })
  const document = operation.parse(query)
  expect(operation.validate(operation.schema, document), query).toEqual([])
  const contextValue = await operation.contextFactory()
  const result: ExecutionResult = await operation.execute({ schema: operation.schema, document, contextValue })
  const { data, errors } = result
  return { data, codes: errors?.map(({ extensions, message }) => extensions.code ?? message) }
}

const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.values(type?.getFields() ?? {})

/** All that can be asked about a type without arguments, so many objects deep. */
const selectionOf = (type: GraphQLOutputType, depth: number): string => {
  const named = getNamedType(type)
  if (isLeafType(named)) return ''
  if (isUnionType(named)) {
    // Their fields of one name may be of different types.
    const parts = named.getTypes().map((part) => {
      const fields = Object.values(part.getFields()).filter(({ type }) => isLeafType(getNamedType(type)))
      return `... on ${part.name} { ${fields.map(({ name }) => `${part.name}_${name}: ${name}`).join(' ')} }`
    })
    return `{ __typename ${parts.join(' ')} }`
  }
  if (!isObjectType(named) && !isInterfaceType(named)) return '{ __typename }'
  const fields = Object.values(named.getFields())
    .filter(({ args }) => !args.some(isRequiredArgument))
    .filter((field) => isLeafType(getNamedType(field.type)) || depth > 0)
  return `{ __typename ${fields.map((field) => field.name + selectionOf(field.type, depth - 1)).join(' ')} }`
}

/** As deep as one operation may ask. */
const readField = async (viewer: Viewer, around: (field: string) => string, field: GraphQLField<unknown, unknown>) => {
  for (const depth of [2, 1, 0]) {
    const answer = await ask(viewer, around(`${field.name}${argumentsFor(field)}${selectionOf(field.type, depth)}`))
    if (answer.codes?.[0] !== 'OPERATION_TOO_LARGE') return answer
  }
  throw new Error(`${field.name} asks for too much at any depth`)
}

const nodes = schema
  .getPossibleTypes(schema.getType('Node') as never)
  .flatMap((type) => (type.name === 'Task' ? ['Task', 'Task of a hook'] : [type.name]))

describe('an administrator', () => {
  it('should see what is kept from others', async () => {
    const { data } = await ask(
      administrator,
      `{ users { nodes { username } } apiTokens { totalCount nodes { name owner { username } } } queue { pausedBy { username } }
        node(id: "${ids.get('Job')}") { ... on Job { requestedBy { username } tasks { hookCommand commandLine } } } }`,
    )
    expect(data).toEqual({
      users: { nodes: [{ username: 'ada' }, { username: 'grace' }] },
      apiTokens: {
        totalCount: 2,
        nodes: [
          { name: 'canary', owner: { username: 'grace' } },
          { name: 'own', owner: { username: 'ada' } },
        ],
      },
      queue: { pausedBy: { username: 'grace' } },
      node: {
        requestedBy: { username: 'grace' },
        tasks: [
          { hookCommand: 'canary', commandLine: 'canary' },
          { hookCommand: null, commandLine: 'borg create' },
        ],
      },
    })
  })
})

describe.each(Object.entries(viewers))('%s', (_who, viewer) => {
  it('should be refused every mutation, but for what is their own', async () => {
    const own =
      viewer.tokenScope === null
        ? ['signIn', 'signOut', 'setUp', 'changePassword', 'createApiToken', 'deleteApiToken']
        : []
    const allowed: string[] = []
    for (const field of fieldsOf(schema.getMutationType())) {
      const { data, codes } = await ask(viewer, operationFor('mutation', field))
      if (codes?.length === 1 && codes[0] === 'FORBIDDEN') expect(Object.values(data ?? {})).not.toContain(true)
      else allowed.push(field.name)
    }
    expect(allowed.toSorted()).toEqual(own.toSorted())
  })

  it.each(nodes)('should read every field of %s, or null', async (name) => {
    const id = ids.get(name)
    if (id === undefined) throw new Error(`Say what a ${name} is.`)
    const [typename = ''] = name.split(' ')
    const fields = fieldsOf(schema.getType(typename) as GraphQLObjectType)
    for (const field of fields) {
      const around = (selected: string) => `{ node(id: "${id}") { ... on ${typename} { ${selected} } } }`
      const { data, codes } = await readField(viewer, around, field)
      expect(codes, `${typename}.${field.name}`).toBeUndefined()
      expect(JSON.stringify(data)).not.toMatch(/canary|grace/)
      if (!['Hook', 'FileProblem'].includes(name)) expect(data?.node, `${typename}.${field.name}`).not.toBeNull()
    }
  })

  it('should read what can be read, but for what is there to act, and people', async () => {
    const refused: string[] = []
    for (const field of fieldsOf(schema.getQueryType())) {
      const { data, codes } = await readField(viewer, (selected) => `{ ${selected} }`, field)
      expect(JSON.stringify(data ?? null)).not.toMatch(/canary|grace/)
      if (codes?.includes('FORBIDDEN')) refused.push(field.name)
      else expect(codes, field.name).toBeUndefined()
    }
    expect(refused.toSorted()).toEqual(['folder', 'patternProblem', 'users'])
  })

  it('should watch what changes, without what is kept from them', async () => {
    const operation = createGraphql(tested.app).getEnveloped({ caller: callerOf(viewer), isWebSocket: true })
    const { events } = tested.app
    const announce = () => {
      for (const name of ['job', 'repository', 'backupPlan', 'schedule'] as const) {
        const typename = name === 'backupPlan' ? 'BackupPlan' : name.charAt(0).toUpperCase() + name.slice(1)
        const [, id = ''] = atob(ids.get(typename) ?? '').split(':')
        events.publish(`${name}:changed`, id)
        events.publish(`${name}:deleted`, id)
      }
      for (const name of ['queue:changed', 'history:changed', 'task:output'] as const) events.publish(name, 'queue')
    }
    const watch = async (field: GraphQLField<unknown, unknown>) => {
      const of = ids.get(field.name === 'taskOutput' ? 'Task' : field.name === 'jobChanged' ? 'Job' : '')
      const given = field.args.filter(isRequiredArgument).map(({ name }) => `${name}: "${of}"`)
      for (const depth of [2, 1, 0]) {
        const selected = `${field.name}${given.length > 0 ? `(${given})` : ''}${selectionOf(field.type, depth)}`
        const document = operation.parse(`subscription { ${selected} }`)
        expect(operation.validate(operation.schema, document), selected).toEqual([])
        const contextValue = await operation.contextFactory()
        const watched = await operation.subscribe({ schema: operation.schema, document, contextValue })
        if (!isAsyncIterable(watched)) {
          if (watched.errors?.[0]?.extensions.code === 'OPERATION_TOO_LARGE') continue
          return watched
        }
        const told: ExecutionResult[] = []
        const iterator = watched[Symbol.asyncIterator]()
        // The first may be how it is now, or only that it watches.
        for (let count = 0; count < 2; count++) {
          const next = iterator.next()
          announce()
          const { value } = await next
          told.push(value)
        }
        await iterator.return?.()
        if (told.every(({ errors }) => errors?.[0]?.extensions.code === 'OPERATION_TOO_LARGE')) continue
        return told
      }
      throw new Error(`${field.name} asks for too much at any depth`)
    }
    const refused: string[] = []
    for (const field of fieldsOf(schema.getSubscriptionType())) {
      const told = await watch(field)
      expect(JSON.stringify(told), field.name).not.toMatch(/canary|grace/)
      if (!Array.isArray(told)) refused.push(field.name)
      else for (const { errors } of told) expect(errors, field.name).toBeUndefined()
    }
    expect(refused).toEqual(['taskOutput'])
  })

  it('should not be told of others, nor of what tasks run and print', async () => {
    for (const name of ['User besides', 'Hook', 'FileProblem']) {
      expect(await ask(viewer, `{ node(id: "${ids.get(name)}") { id } }`)).toEqual({ data: { node: null } })
    }
    const { getEnveloped } = createGraphql(tested.app)
    const operation = getEnveloped({ caller: callerOf(viewer), isWebSocket: true })
    const watch = async (taskId: string | undefined) =>
      operation.subscribe({
        schema: operation.schema,
        document: operation.parse(`subscription { taskOutput(taskId: "${taskId}") { lines } }`),
        contextValue: await operation.contextFactory(),
      })
    for (const name of ['Task of a hook', 'Task']) {
      expect(await watch(ids.get(name))).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
      const fields = 'commandLine output { lines } fileProblems { totalCount } progress { currentPath }'
      const query = `{ node(id: "${ids.get(name)}") { ... on Task { ${fields} } } }`
      expect((await ask(viewer, query)).data).toEqual({
        node: { commandLine: null, output: null, fileProblems: null, progress: { currentPath: null } },
      })
    }
  })
})

describe('an administrator’s token', () => {
  it('should do what its owner may, but make no tokens and no people, and change no passwords', async () => {
    const token = viewerAs('ADMINISTRATOR', 'FULL', owner)
    const refused: string[] = []
    for (const field of fieldsOf(schema.getMutationType())) {
      const { codes } = await ask(token, operationFor('mutation', field))
      if (codes?.includes('FORBIDDEN')) refused.push(field.name)
    }
    expect(refused.toSorted()).toEqual(
      ['changePassword', 'createApiToken', 'createUser', 'deleteUser', 'setUp', 'signIn', 'signOut'].toSorted(),
    )
  })
})
