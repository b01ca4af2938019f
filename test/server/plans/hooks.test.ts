import { mkdirSync, rmdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { readyRepository } from '../../support/jobs.ts'
import { startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createPlan, updatePlan } from './plans.ts'

let api: ApiClient
let repository: { id: string }

beforeAll(async () => {
  api = await (await startServer()).setUp()
  repository = await readyRepository(api)
})

type Input = Readonly<Record<string, unknown>>

const hook = { name: 'hook', moment: 'BEFORE', command: 'true' }

let planCount = 0
const planWith = (hooks: readonly Input[], rest: Input = {}) => {
  planCount += 1
  const settings = { sources: ['/srv'] }
  return createPlan(api, { name: `plan ${planCount}`, repositoryId: repository.id, settings, hooks, ...rest })
}

interface HookAnswer extends Input {
  readonly id: string
}

interface Policies extends Input {
  readonly hooks: readonly HookAnswer[]
}

const read = async (id: string): Promise<Policies> => {
  const { node } = await api.query<{ node: Policies }>(
    `query ($id: ID!) { node(id: $id) { ... on BackupPlan {
      priority retries retryDelay timeLimit
      hooks { id name moment command workingFolder timeLimit stopsOnFailure environmentNames }
    } } }`,
    { id },
  )
  return node
}

const firstHook = async (id: string): Promise<HookAnswer> => {
  const [first] = (await read(id)).hooks
  if (first === undefined) throw new Error('the plan has no hook')
  return first
}

describe('the hooks of a plan', () => {
  test('have the line ends of a shell, wherever they were written', async () => {
    const { id } = await planWith([{ ...hook, command: 'cd /srv\r\nls\r\n' }])
    expect((await firstHook(id)).command).toBe('cd /srv\nls\n')
  })

  test('are kept in order, with defaults for what is left out', async () => {
    const workingFolder = temporaryFolder()
    const full = {
      name: 'full',
      moment: 'ON_WARNING',
      command: ' a\nb',
      workingFolder,
      timeLimit: 5,
      stopsOnFailure: true,
    }
    const environment = [
      { name: 'B', value: 'b' },
      { name: '_a1', value: '' },
    ]
    const { id } = await planWith([hook, { ...full, environment }, { ...hook, name: 'late', moment: 'ALWAYS' }])
    const { hooks } = await read(id)
    const defaults = { workingFolder: null, timeLimit: 300, environmentNames: [] }
    expect(hooks).toMatchObject([
      { ...hook, ...defaults, stopsOnFailure: true },
      { ...full, environmentNames: ['B', '_a1'] },
      { name: 'late', ...defaults, stopsOnFailure: false },
    ])
    for (const each of hooks) {
      const { node } = await api.query<{ node: unknown }>(
        'query ($id: ID!) { node(id: $id) { ... on Hook { name } } }',
        { id: each.id },
      )
      expect(node).toEqual({ name: each.name })
    }
  })

  test('stay the same where they are given with their ids, and keep the values that are not given', async () => {
    const { id } = await planWith([
      {
        ...hook,
        environment: [
          { name: 'A', value: 'a' },
          { name: 'B', value: 'b' },
        ],
      },
    ])
    const before = await firstHook(id)
    const change = async (input: Input) => {
      const plan = await updatePlan(api, {
        id,
        hooks: [
          { ...hook, name: 'other' },
          { ...hook, id: before.id, ...input },
        ],
      })
      expect(plan.message).toBeUndefined()
      const { hooks } = await read(id)
      expect(hooks.map(({ name }) => name)).toEqual(['other', 'hook'])
      expect(hooks[1]?.id).toBe(before.id)
      return hooks[1]?.environmentNames
    }
    expect(await change({})).toEqual(['A', 'B'])
    expect(await change({ environment: [{ name: 'B' }, { name: 'C', value: 'c' }] })).toEqual(['B', 'C'])
    expect(await change({ environment: [] })).toEqual([])
  })

  test('are not touched by a change that does not name them, and go with an empty list', async () => {
    const { id } = await planWith([hook])
    const before = await read(id)
    await updatePlan(api, { id, name: `renamed ${planCount}` })
    expect(await read(id)).toEqual(before)
    await updatePlan(api, { id, hooks: [] })
    expect((await read(id)).hooks).toEqual([])
  })

  test('are left as they were where something about new ones is wrong', async () => {
    const { id } = await planWith([hook])
    const before = await read(id)
    const other = await firstHook((await planWith([hook])).id)
    const hooks = [
      { ...hook, name: 'first' },
      { ...hook, name: 'second', id: other.id },
    ]
    expect(await updatePlan(api, { id, priority: 'HIGH', hooks })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['hooks', '1', 'id'], message: 'is no hook of this plan' }],
    })
    expect(await read(id)).toEqual(before)
  })

  const variables = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `V${index}`, value: '' }))

  test.each<[string, readonly Input[], readonly string[]]>([
    ['without a command', [{ ...hook, command: ' ' }], ['0', 'command']],
    ['with NUL in its command', [{ ...hook, command: 'a\0b' }], ['0', 'command']],
    ['with too long a command', [{ ...hook, command: 'x'.repeat(10_001) }], ['0', 'command']],
    ['without a name', [{ ...hook, name: '' }], ['0', 'name']],
    ['of a name that is taken', [hook, { ...hook, name: ' hook ' }], ['1', 'name']],
    ['with too long a name', [{ ...hook, name: 'x'.repeat(101) }], ['0', 'name']],
    ['in a relative folder', [{ ...hook, workingFolder: 'tmp' }], ['0', 'workingFolder']],
    ['in a folder that is none', [{ ...hook, workingFolder: '/etc/hostname' }], ['0', 'workingFolder']],
    ['in a folder of the system', [{ ...hook, workingFolder: '/proc/self/cwd' }], ['0', 'workingFolder']],
    ['with a name that nobody sees', [{ ...hook, name: '\u200b' }], ['0', 'name']],
    ['in a folder that is missing', [hook, { ...hook, name: 'b', workingFolder: '/no/such' }], ['1', 'workingFolder']],
    ['without any time', [{ ...hook, timeLimit: 0 }], ['0', 'timeLimit']],
    ['with too much time', [{ ...hook, timeLimit: 86_401 }], ['0', 'timeLimit']],
    ...['1A', 'A-B', '', 'A=B', 'BORGITORY_X', 'LD_PRELOAD', 'é'].map(
      (name): [string, readonly Input[], readonly string[]] => [
        `with a variable named ${JSON.stringify(name)}`,
        [{ ...hook, environment: [{ name, value: 'x' }] }],
        ['0', 'environment', '0', 'name'],
      ],
    ),
    [
      'with a variable twice',
      [{ ...hook, environment: [...variables(2), ...variables(1)] }],
      ['0', 'environment', '2', 'name'],
    ],
    [
      'with NUL in a value',
      [{ ...hook, environment: [{ name: 'A', value: '\0' }] }],
      ['0', 'environment', '0', 'value'],
    ],
    [
      'with too long a value',
      [{ ...hook, environment: [{ name: 'A', value: 'x'.repeat(10_001) }] }],
      ['0', 'environment', '0', 'value'],
    ],
    ['without a value', [{ ...hook, environment: [{ name: 'A' }] }], ['0', 'environment', '0', 'value']],
    ['with too many variables', [{ ...hook, environment: variables(51) }], ['0', 'environment']],
    ['with an id of nothing', [{ ...hook, id: btoa('Hook:x') }], ['0', 'id']],
    ['one of too many', Array.from({ length: 21 }, (_, index) => ({ ...hook, name: `${index}` })), []],
  ])('are refused: one %s', async (_what, hooks, path) => {
    const answer = await planWith(hooks)
    expect(answer).toMatchObject({ __typename: 'InvalidInput' })
    expect(answer.fields?.map((field) => field.path)).toEqual([['hooks', ...path]])
  })

  test('may be many, with many variables', async () => {
    const hooks = Array.from({ length: 20 }, (_, index) => ({ ...hook, name: `${index}`, environment: variables(50) }))
    expect((await read((await planWith(hooks)).id)).hooks).toHaveLength(20)
  })
})

describe('how the jobs of a plan are run', () => {
  test('has defaults, is kept, and changes only where it is given', async () => {
    const { id } = await planWith([])
    const defaults = { priority: 'NORMAL', retries: 0, retryDelay: 60, timeLimit: null }
    expect(await read(id)).toMatchObject(defaults)
    const policies = { priority: 'HIGH', retries: 10, retryDelay: 86_400, timeLimit: 604_800 }
    await updatePlan(api, { id, ...policies })
    expect(await read(id)).toMatchObject(policies)
    await updatePlan(api, { id, retries: 0 })
    expect(await read(id)).toMatchObject({ ...policies, retries: 0 })
    await updatePlan(api, { id, timeLimit: null, priority: null, retries: null, retryDelay: null })
    expect(await read(id)).toMatchObject({ ...policies, retries: 0, timeLimit: null })
    expect(await read((await planWith([], policies)).id)).toMatchObject(policies)
  })

  test.each([
    ['retries', -1],
    ['retries', 11],
    ['retryDelay', 0],
    ['retryDelay', 86_401],
    ['timeLimit', 59],
    ['timeLimit', 604_801],
  ])('is refused: %s of %d', async (field, value) => {
    expect((await planWith([], { [field]: value })).fields).toMatchObject([{ path: [field] }])
  })

  test('can be changed also where a source has become a link', async () => {
    const source = join(temporaryFolder(), 'source')
    mkdirSync(source)
    const { id } = await planWith([], { settings: { sources: [source] } })
    rmdirSync(source)
    symlinkSync('/srv', source)
    expect(await updatePlan(api, { id, priority: 'LOW' })).toMatchObject({ __typename: 'BackupPlan' })
  })
})
