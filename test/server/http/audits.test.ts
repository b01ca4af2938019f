import { serverAudits } from 'graphql-http'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'

/** What an audit allows for and is not so here: nothing is asked by GET, so that no link can ask anything. */
const byGet = ['5A70', 'D6D5', '6A70']

let client: ApiClient
beforeAll(async () => {
  client = (await listen()).client()
  await setUp(client)
})

const audits = serverAudits({
  url: () => `${client.url}/graphql`,
  fetchFn: (url: string, { headers, ...init }: RequestInit = {}) => {
    const session = { cookie: client.cookie(), 'x-borgitory': '1' }
    return fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(headers)), ...session } })
  },
})

describe('GraphQL over HTTP', () => {
  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('audit %s: %s', async (id, _name, audit) => {
    const result = await audit.fn()
    const expected = { status: byGet.includes(id) ? 'notice' : 'ok' }
    expect({ status: result.status, reason: 'reason' in result ? result.reason : null }).toMatchObject(expected)
  })
})
