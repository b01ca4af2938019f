import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { optionsShape } from '../../../server/borg/options.ts'
import type { ApiClient } from '../../support/api-client.ts'
import { readyRepository } from '../../support/jobs.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createPlan, deletePlan, updatePlan } from './plans.ts'

let server: TestServer
let api: ApiClient
let repository: { id: string; location: string }
let unencrypted: { id: string; location: string }

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  repository = await readyRepository(api, { name: 'encrypted' })
  unencrypted = await readyRepository(api, { name: 'open', encryption: 'NONE', passphrase: null })
})

const plansOf = async (variables: { search?: string; repositoryId?: string }) => {
  const { plans } = await api.query<{ plans: { totalCount: number; edges: { node: { name: string } }[] } }>(
    `query ($search: String, $repositoryId: ID) {
      plans(search: $search, repositoryId: $repositoryId) { totalCount edges { node { name } } }
    }`,
    variables,
  )
  expect(plans.totalCount).toBe(plans.edges.length)
  return plans.edges.map(({ node }) => node.name)
}

const everything = {
  sources: ['/srv', '/home'],
  patterns: [
    { action: 'INCLUDE', style: 'PP', pattern: 'home/ada' },
    { action: 'EXCLUDE', style: 'SH', pattern: '**/*.tmp' },
    { action: 'EXCLUDE_NO_RECURSE', style: 'RE', pattern: '\\.cache$' },
  ],
  compression: { algorithm: 'ZSTD', level: 22, isAuto: true, obfuscation: 110 },
  excludeCaches: true,
  oneFileSystem: true,
  numericIds: true,
  checkpointInterval: 600,
  uploadLimit: 1024,
  excludeIfPresent: ['.nobackup', '-x'],
  filesCache: 'MTIME_SIZE',
  excludeNodump: true,
  atime: true,
  archiveName: '{plan}-{now:%Y-%m-%d}',
  comment: 'every {option}',
}

describe('a plan', () => {
  test('keeps every setting', async () => {
    const plan = await createPlan(api, { name: 'everything', repositoryId: repository.id, settings: everything })
    expect(plan).toMatchObject({ __typename: 'BackupPlan', name: 'everything', settings: everything })
  })

  test('has a default for everything but its sources, also where null is given', async () => {
    const settings = { sources: ['/srv', '/srv/'], patterns: null, comment: null, uploadLimit: null }
    const plan = await createPlan(api, { name: 'plain', repositoryId: repository.id, settings })
    expect(plan.settings).toEqual({
      sources: ['/srv'],
      patterns: [],
      compression: { algorithm: 'LZ4', level: null, isAuto: false, obfuscation: null },
      ...z.object(optionsShape).parse({}),
      archiveName: '{hostname}-{plan}-{utcnow}',
      comment: '',
    })
  })

  test('is found by its name and by its repository', async () => {
    const settings = { sources: ['/srv'] }
    await createPlan(api, { name: 'b of two', repositoryId: unencrypted.id, settings })
    await createPlan(api, { name: 'a of two', repositoryId: unencrypted.id, settings })
    await createPlan(api, { name: 'c of two', repositoryId: repository.id, settings })
    expect(await plansOf({ repositoryId: unencrypted.id })).toEqual(['a of two', 'b of two'])
    expect(await plansOf({ search: 'of two' })).toEqual(['a of two', 'b of two', 'c of two'])
    const { node } = await api.query<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { ... on Repository { plans(first: 1) { totalCount edges { node { name repository { name } } } } } } }`,
      { id: unencrypted.id },
    )
    expect(node).toEqual({
      plans: { totalCount: 2, edges: [{ node: { name: 'a of two', repository: { name: 'open' } } }] },
    })
  })

  test('keeps what a change does not name', async () => {
    const settings = { sources: ['/srv'], comment: 'before' }
    const { id } = await createPlan(api, { name: 'changing', repositoryId: repository.id, settings })
    expect(await updatePlan(api, { id, name: ' changed ' })).toMatchObject({
      name: 'changed',
      settings: { comment: 'before', sources: ['/srv'] },
    })
    expect(await updatePlan(api, { id, settings: { sources: ['/opt'] } })).toMatchObject({
      name: 'changed',
      settings: { comment: '', sources: ['/opt'] },
    })
    expect(await updatePlan(api, { id, repositoryId: unencrypted.id })).toMatchObject({ __typename: 'BackupPlan' })
    expect(await plansOf({ repositoryId: unencrypted.id, search: 'changed' })).toEqual(['changed'])
  })
})

describe('is refused', () => {
  const settings = { sources: ['/srv'] }

  test('a name that another plan has', async () => {
    const taken = { __typename: 'NameTaken', message: 'There already is a plan named taken.' }
    await createPlan(api, { name: 'taken', repositoryId: repository.id, settings })
    expect(await createPlan(api, { name: 'taken', repositoryId: unencrypted.id, settings })).toEqual(taken)
    const { id } = await createPlan(api, { name: 'free', repositoryId: repository.id, settings })
    expect(await updatePlan(api, { id, name: 'taken' })).toEqual(taken)
  })

  test('a plan or a repository that does not exist', async () => {
    const id = btoa('BackupPlan:00000000-0000-7000-8000-000000000000')
    expect(await updatePlan(api, { id, name: 'x' })).toMatchObject({ __typename: 'PlanNotFound' })
    expect(await deletePlan(api, id)).toEqual({ __typename: 'PlanNotFound' })
    const repositoryId = btoa('Repository:00000000-0000-7000-8000-000000000000')
    expect(await createPlan(api, { name: 'lost', repositoryId, settings })).toMatchObject({
      __typename: 'RepositoryNotFound',
    })
  })

  test('a source in the data folder, in the repository or in a place of the system’s own, also through a link on its way', async () => {
    const links = temporaryFolder()
    symlinkSync(server.dataFolder, join(links, 'own'))
    symlinkSync(repository.location, join(links, 'repository'))
    symlinkSync('/proc/self/cwd', join(links, 'process'))
    for (const source of [
      join(server.dataFolder, 'borg'),
      join(repository.location, 'data'),
      join(links, 'own', 'borg'),
      join(links, 'own', 'not', 'yet', 'there'),
      join(links, 'repository', 'data'),
      '/proc/self/cwd/x',
      join(links, 'process', 'x'),
    ]) {
      const plan = { name: 'own', repositoryId: repository.id, settings: { sources: ['/srv', source] } }
      expect(await createPlan(api, plan)).toMatchObject({ __typename: 'LocationUnusable', path: source })
    }
    expect(await plansOf({ search: 'own' })).toEqual([])
  })

  const pattern = (style: string, text: string) => ({ action: 'EXCLUDE', style, pattern: text })

  test.each([
    ['no source', { sources: [] }, ['sources'], 'choose at least one folder'],
    ['a relative source', { sources: ['srv'] }, ['sources', '0'], 'must be an absolute path'],
    ['an empty pattern', { patterns: [pattern('SH', '')] }, ['patterns', '0', 'pattern'], 'must not be empty'],
    [
      'a pattern that only borg can judge',
      { patterns: [pattern('SH', 'a'), pattern('RE', '(')] },
      ['patterns', '1', 'pattern'],
      'is not a regular expression',
    ],
    ['a level', { compression: { algorithm: 'ZSTD', level: 23 } }, ['compression', 'level'], 'levels 1 to 22'],
    [
      'an obfuscation',
      { compression: { algorithm: 'LZ4', obfuscation: 7 } },
      ['compression', 'obfuscation'],
      'must be',
    ],
    ['a checkpoint interval', { checkpointInterval: -1 }, ['checkpointInterval'], 'must not be negative'],
    ['an upload limit', { uploadLimit: 0 }, ['uploadLimit'], 'must be at least 1'],
    ['a comment', { comment: 'half of \ud83d' }, ['comment'], 'must be Unicode text'],
    ['a template', { archiveName: '{nope}' }, ['archiveName'], '{nope} stands for nothing'],
    ['a template that gives no name', { archiveName: '' }, ['archiveName'], 'no name'],
  ])('%s', async (_what, wrong, path, message) => {
    const given = { name: 'wrong', repositoryId: repository.id, settings: { ...settings, ...wrong } }
    const refused = await createPlan(api, given)
    expect(refused).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: ['settings', ...path] }] })
    expect(refused.fields?.[0]?.message).toContain(message)
    expect(await plansOf({ search: 'wrong' })).toEqual([])
  })

  test('a name that is no text', async () => {
    const plan = { name: 'half of \ud83d', repositoryId: repository.id, settings }
    expect(await createPlan(api, plan)).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['name'], message: 'must be Unicode text' }],
    })
  })

  test('obfuscation for a repository that is not encrypted, also where a plan moves there', async () => {
    const hidden = { ...settings, compression: { algorithm: 'LZ4', obfuscation: 3 } }
    const refused = {
      __typename: 'InvalidInput',
      fields: [{ path: ['settings', 'compression', 'obfuscation'] }],
    }
    expect(await createPlan(api, { name: 'hidden', repositoryId: unencrypted.id, settings: hidden })).toMatchObject(
      refused,
    )
    const { id } = await createPlan(api, { name: 'hidden', repositoryId: repository.id, settings: hidden })
    expect(await updatePlan(api, { id, repositoryId: unencrypted.id })).toMatchObject(refused)
    expect(await plansOf({ repositoryId: repository.id, search: 'hidden' })).toEqual(['hidden'])
  })
})

describe('as it is typed', () => {
  const ask = async (patterns: readonly { action: string; style: string; pattern: string }[]) => {
    const answer = await api.query<{ patternProblem: unknown }>(
      `query ($patterns: [PatternInput!]!) {
        patternProblem(patterns: $patterns) { ... on PatternProblem { index message } ... on Problem { message } }
      }`,
      { patterns },
    )
    return answer.patternProblem
  }

  test('borg says which pattern it does not understand', async () => {
    const good = { action: 'EXCLUDE', style: 'SH', pattern: '**/*.log' }
    expect(await ask([good, { action: 'INCLUDE', style: 'RE', pattern: '[a-z' }, good])).toEqual({
      index: 1,
      message: expect.stringContaining('“[a-z” is not a regular expression that borg understands'),
    })
    expect(await ask([good, { ...good, pattern: ' ' }])).toEqual({ index: 1, message: 'must not be empty' })
    expect(await ask(Array(201).fill(good))).toEqual({ index: 200, message: 'is one too many: there may be 200' })
    expect(await ask([good, good])).toBeNull()
    expect(await ask([])).toBeNull()
  })

  test('a template shows the name that it would make', async () => {
    const preview = async (template: string, planName: string | null) => {
      const answer = await api.query<{ archiveNamePreview: { name: string | null; problem: string | null } }>(
        `query ($template: String!, $planName: String, $id: ID!) {
          archiveNamePreview(template: $template, planName: $planName, repositoryId: $id) {
            ... on ArchiveNamePreview { name problem }
          }
        }`,
        { template, planName, id: repository.id },
      )
      return answer.archiveNamePreview
    }
    expect(await preview('{plan} in {repository} {{x}}', 'docs')).toEqual({
      name: 'docs in encrypted {x}',
      problem: null,
    })
    expect(await preview('{plan}', null)).toEqual({ name: 'encrypted', problem: null })
    expect(await preview('{plan}', 'a/b::c d')).toEqual({ name: 'a-b-c-d', problem: null })
    expect(await preview('{now:%Q}', 'docs')).toEqual({ name: null, problem: expect.stringContaining('%Q') })
  })
})
