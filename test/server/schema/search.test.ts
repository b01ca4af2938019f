import { beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'

const names = ['100% of it', '100 of it', 'a_b', 'axb', 'back\\slash', 'backslash', 'Straße']

let api: ApiClient

beforeAll(async () => {
  const { app, client } = await listen()
  api = client()
  await setUp(api)
  for (const name of names) {
    const { id: repositoryId } = await app.db.repository.create({ data: { name, location: `/srv/${name}` } })
    const plan = { name, repositoryId, settings: { sources: ['/srv'] } }
    const { id: planId } = await app.db.backupPlan.create({ data: plan })
    await app.db.schedule.create({ data: { name, action: 'BACKUP', planId, cron: '@daily', timeZone: 'UTC' } })
  }
})

describe.each(['repositories', 'plans', 'schedules'])('%s', (list) => {
  const find = async (search: string) => {
    const { data, errors } = await api.request<
      Record<string, { totalCount: number; edges: { node: { name: string } }[] }>
    >(`query ($search: String) { ${list}(search: $search) { totalCount edges { node { name } } } }`, { search })
    const found = data?.[list]
    if (!found) return errors?.map(({ message, extensions }) => [message, extensions?.code])
    expect(found.totalCount).toBe(found.edges.length)
    return found.edges.map(({ node }) => node.name)
  }

  test('are found by what stands in their names, as it stands', async () => {
    expect(await find('%')).toEqual(['100% of it'])
    expect(await find('0% O')).toEqual(['100% of it'])
    expect(await find('_')).toEqual(['a_b'])
    expect(await find('a_b')).toEqual(['a_b'])
    expect(await find('\\')).toEqual(['back\\slash'])
    expect(await find('k\\s')).toEqual(['back\\slash'])
    expect(await find('slash\\')).toEqual([])
    expect(await find('\\%')).toEqual([])
    expect(await find('AXB')).toEqual(['axb'])
    expect(await find('aße')).toEqual(['Straße'])
    expect((await find(''))?.length).toBe(names.length)
  })

  test('are not searched for what is too long or no text', async () => {
    const refusal = ['What is searched for is a text of up to 1000 characters.', 'BAD_USER_INPUT']
    expect(await find('x'.repeat(1000))).toEqual([])
    for (const search of ['x'.repeat(1001), 'x'.repeat(50_000), '%\0', 'half of \ud83d']) {
      expect(await find(search)).toEqual([refusal])
    }
  })
})
