import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { readyRepository } from '../../support/jobs.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { waitFor } from '../../support/wait-for.ts'
import { createPlan, deletePlan, updatePlan } from './plans.ts'

let server: TestServer
let api: ApiClient
let repository: { id: string }

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  repository = await readyRepository(api)
})

let planCount = 0
const newPlan = async (repositoryId = repository.id, settings: Readonly<Record<string, unknown>> = {}) => {
  planCount += 1
  const all = { sources: ['/srv'], ...settings }
  return createPlan(api, { name: `plan ${planCount}`, repositoryId, settings: all })
}

const deleteRepository = async (id: string) => {
  const { deleteRepository } = await api.query<{ deleteRepository: { __typename: string } }>(
    'mutation ($id: ID!) { deleteRepository(input: {id: $id}) { __typename } }',
    { id },
  )
  return deleteRepository.__typename
}

describe('those who watch', () => {
  const changes = (id?: string) =>
    api.subscribe<{ planChanged: { id: string; name: string } }>(
      'subscription ($id: ID) { planChanged(id: $id) { id name } }',
      { id },
    )
  const removals = () => api.subscribe<{ planDeleted: { id: string } }>('subscription { planDeleted { id } }')

  test('learn how one plan is, and of each change', async () => {
    const { id, name } = await newPlan()
    const isThere = Promise.withResolvers<void>()
    const told = waitFor(changes(id), ({ planChanged }) => {
      if (planChanged.name === name) isThere.resolve()
      return planChanged.name === 'changed'
    })
    await isThere.promise
    await updatePlan(api, { id, name: 'changed' })
    await told
  })

  test('cannot watch what does not exist', async () => {
    await expect(waitFor(changes(btoa('BackupPlan:x')), () => true)).rejects.toThrow('no plan with this id')
  })

  test('learn of plans that are made and removed, also along with their repository', async () => {
    const { id: location } = await readyRepository(api)
    const watched = changes()
    const removed = removals()
    const plan = await newPlan()
    const along = await newPlan(location)
    // Until the subscriptions have begun, plans are changed again and again.
    const told = waitFor(watched, ({ planChanged }) => planChanged.id === plan.id)
    let isTold = false
    told.then(() => {
      isTold = true
    })
    while (!isTold) await updatePlan(api, { id: plan.id, retries: 1 })
    const gone = new Set<string>()
    const toldToo = waitFor(removed, ({ planDeleted }) => gone.add(planDeleted.id).size >= 2)
    await deletePlan(api, plan.id)
    await deleteRepository(location)
    await toldToo
    expect(gone).toEqual(new Set([plan.id, along.id]))
  })
})

describe('what is removed meanwhile', () => {
  // Borg is asked about patterns, which leaves time for the other request.
  const slowly = { patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] }

  const started = async (planId: string) => {
    const { startBackup } = await api.query<{ startBackup: { __typename: string } }>(
      'mutation ($planId: ID!) { startBackup(input: {planId: $planId}) { __typename } }',
      { planId },
    )
    return startBackup.__typename
  }

  test('keeps a backup from beginning, by name', async () => {
    const plan = await newPlan(repository.id, slowly)
    const [answer] = await Promise.all([started(plan.id), deletePlan(api, plan.id)])
    expect(answer).toBe('PlanNotFound')
    const other = await readyRepository(api)
    const lost = await newPlan(other.id, slowly)
    const [again] = await Promise.all([started(lost.id), deleteRepository(other.id)])
    expect(['PlanNotFound', 'RepositoryNotFound']).toContain(again)
  })

  test('keeps a plan from being made, changed or moved, by name', async () => {
    const plan = await newPlan(repository.id)
    const settings = { sources: ['/srv'], ...slowly }
    const [changed] = await Promise.all([updatePlan(api, { id: plan.id, settings }), deletePlan(api, plan.id)])
    expect(changed.__typename).toBe('PlanNotFound')
    const other = await readyRepository(api)
    const moving = await newPlan(repository.id, slowly)
    const [made, moved] = await Promise.all([
      newPlan(other.id, slowly),
      updatePlan(api, { id: moving.id, repositoryId: other.id }),
      deleteRepository(other.id),
    ])
    expect([made.__typename, moved.__typename]).toEqual(['RepositoryNotFound', 'RepositoryNotFound'])
  })
})

describe('a source within another', () => {
  const folder = temporaryFolder()
  const sources = [join(folder, 'a', 'b'), join(folder, 'a')]

  test('is refused, because all in it would be stored twice', async () => {
    expect(await newPlan(repository.id, { sources })).toMatchObject({
      __typename: 'LocationUnusable',
      message: `${sources[0]} is inside ${sources[1]}, which is backed up already.`,
    })
    expect(await newPlan(repository.id, { sources: ['/srv', '/srv2'] })).toMatchObject({ __typename: 'BackupPlan' })
  })

  test('is taken where it may bring something back', async () => {
    expect(await newPlan(repository.id, { sources, oneFileSystem: true })).toMatchObject({ __typename: 'BackupPlan' })
    const patterns = [{ action: 'EXCLUDE', style: 'PF', pattern: sources[0] }]
    expect(await newPlan(repository.id, { sources, patterns })).toMatchObject({ __typename: 'BackupPlan' })
  })
})
