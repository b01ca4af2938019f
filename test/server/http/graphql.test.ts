import './fields.ts'
import { request as httpRequest } from 'node:http'
import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { administrator, setUp, signIn } from '../../support/api-client.ts'
import { listen, reachedBy } from '../../support/app.ts'
import { setupToken } from '../../support/server-process.ts'

const signInMutation = `mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on User { username } ... on TooManyAttempts { message retryAfter } }
}`

const json = { 'content-type': 'application/json', 'x-borgitory': '1' }
const body = JSON.stringify({ query: '{ isSetUp }' })

describe('sessions', () => {
  it('should begin with set-up, be told by me, and end with signOut', async () => {
    const server = await listen()
    const client = server.client()
    expect(await client.query('{ isSetUp me { username } }')).toEqual({ isSetUp: false, me: null })
    await setUp(client)
    expect(await client.query('{ isSetUp me { username role } }')).toEqual({
      isSetUp: true,
      me: { username: 'ada', role: 'ADMINISTRATOR' },
    })
    const cookie = client.cookie()
    expect(await client.query('mutation { signOut }')).toEqual({ signOut: true })
    expect(client.cookie(), 'the browser stays known').toMatch(/^borgitory_device_\d+=[^;]+$/)
    expect(await client.query('mutation { signOut }')).toEqual({ signOut: false })
    // The cookie is of no use any more, even where somebody kept it.
    const kept = await client.fetch('/graphql', {
      method: 'POST',
      headers: { ...json, cookie },
      body: JSON.stringify({ query: '{ me { username } }' }),
    })
    expect(await kept.json()).toEqual({ data: { me: null } })
  })

  it('should be carried by a strict cookie that no answer repeats', async () => {
    const server = await listen()
    await setUp(server.client())
    const client = server.client()
    const answer = await client.request(signInMutation, { input: administrator })
    const { port } = new URL(server.url)
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split('; '))
    expect(cookies.map(([value]) => value?.replace(/=[A-Za-z0-9_-]{43}$/, ''))).toEqual([
      `borgitory_session_${port}`,
      `borgitory_device_${port}`,
    ])
    for (const [value, ...attributes] of cookies) {
      expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=34560000', 'Path=/', 'SameSite=Strict'])
      expect(JSON.stringify([answer.data, answer.errors])).not.toContain(value?.split('=')[1])
    }
    expect((await client.request('{ isSetUp }')).headers.getSetCookie()).toEqual([])
  })

  it('should be bound to the host and to TLS behind a proxy that speaks TLS', async () => {
    const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1' }))
    await setUp(server.client())
    const client = server.client()
    const tls = { 'x-forwarded-proto': 'https' }
    const { headers } = await client.request(signInMutation, { input: administrator }, tls)
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-borgitory_session_\d+=/)
    for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/^__Host-.*; Secure/)
    const me = '{ me { username } }'
    expect((await client.request(me, {}, tls)).data).toEqual({ me: { username: 'ada' } })
    expect((await client.request(me)).data, 'a cookie for TLS counts over TLS alone').toEqual({ me: null })
  })

  it('should be throttled by account and by address', async () => {
    const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1' }))
    await setUp(server.client())
    const client = server.client()
    const guess = (username: string, address: string) =>
      client.request<{ signIn: { __typename: string; retryAfter?: number } }>(
        signInMutation,
        { input: { username, password: 'wrong' } },
        { 'x-forwarded-for': `203.0.113.77, ${address}` },
      )
    for (let attempt = 0; attempt < 10; attempt++) await guess('ada', `192.0.2.${attempt}`)
    const byAccount = await guess('ada', '192.0.2.99')
    expect(byAccount.data?.signIn).toMatchObject({ __typename: 'TooManyAttempts', retryAfter: expect.any(Number) })
    await Promise.all(Array.from({ length: 30 }, (_, attempt) => guess(`user${attempt}`, '198.51.100.1')))
    expect((await guess('nobody', '198.51.100.1')).data?.signIn.__typename).toBe('TooManyAttempts')
    expect((await guess('nobody', '198.51.100.2')).data?.signIn.__typename).toBe('CredentialsWrong')
  })

  it('should name each problem of set-up', async () => {
    const client = (await listen()).client()
    const attempt = (input: object) =>
      client.query(
        `mutation ($input: SetUpInput!) {
          setUp(input: $input) { __typename ... on InvalidInput { fields { path message } } }
        }`,
        { input: { setupToken, ...administrator, ...input } },
      )
    expect(await attempt({ password: 'short' })).toEqual({
      setUp: { __typename: 'InvalidInput', fields: [{ path: ['password'], message: 'has 12 characters or more' }] },
    })
    expect(await attempt({ setupToken: 'wrong' })).toEqual({ setUp: { __typename: 'SetupTokenWrong' } })
    expect(await attempt({})).toEqual({ setUp: { __typename: 'User' } })
    expect(await attempt({})).toEqual({ setUp: { __typename: 'AlreadySetUp' } })
  })
})

describe('requests that another site could send', () => {
  it('should be refused without the header', async () => {
    const client = (await listen()).client()
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const response = await client.fetch('/graphql', { method: 'POST', headers: { 'content-type': type }, body })
      expect(response.status, type).toBe(403)
      expect(await response.text()).toContain('x-borgitory')
    }
  })

  it('should be refused from another origin', async () => {
    const client = (await listen()).client()
    const post = (headers: Record<string, string>) =>
      client.fetch('/graphql', { method: 'POST', headers: { ...json, ...headers }, body })
    expect((await post({ origin: client.url })).status).toBe(200)
    for (const origin of ['https://evil.example', 'null', client.url.replace(/\d+$/, '1'), 'http://localhost', '']) {
      expect((await post({ origin })).status, origin).toBe(403)
    }
    // fetch does not let its caller set this header, other clients do.
    for (const [site, status] of [
      ['same-origin', 200],
      ['none', 200],
      ['same-site', 403],
      ['cross-site', 403],
    ] as const) {
      const { promise, resolve } = Promise.withResolvers<number | undefined>()
      httpRequest(
        `${client.url}/graphql`,
        { method: 'POST', headers: { ...json, 'sec-fetch-site': site } },
        (response) => resolve(response.resume().statusCode),
      ).end(body)
      expect(await promise, site).toBe(status)
    }
  })

  it('should not be answered by CORS', async () => {
    const client = (await listen()).client()
    const preflight = await client.fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(405)
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('should be refused by GET, in batches, as forms, and where they are huge', async () => {
    const client = (await listen()).client()
    const post = async (contentType: string, text: string) => {
      const headers = { ...json, 'content-type': contentType }
      const response = await client.fetch('/graphql', { method: 'POST', headers, body: text })
      await response.text()
      return response.status
    }
    const get = await client.fetch('/graphql?query={isSetUp}', { headers: json })
    expect(get.status).toBe(405)
    expect(await post('application/json', body)).toBe(200)
    expect(await post('application/graphql', '{ isSetUp }')).toBe(415)
    expect(await post('application/x-www-form-urlencoded', 'query={isSetUp}')).toBe(415)
    expect(await post('multipart/form-data; boundary=x', body)).toBe(415)
    expect(await post('application/json', `[${body},${body}]`)).toBe(400)
    expect(await post('application/json', '{')).toBe(400)
    expect(await post('application/json', JSON.stringify({ query: `{ isSetUp } #${'x'.repeat(1_000_000)}` }))).toBe(413)
  })
})

describe('introspection', () => {
  const query = getIntrospectionQuery()

  it('should be for those who are signed in, whoever asked before', async () => {
    const server = await listen()
    const [stranger, client] = [server.client(), server.client()]
    await setUp(client)
    for (const round of [1, 2]) {
      expect((await client.request(query)).data, `round ${round}`).toHaveProperty('__schema.queryType.name', 'Query')
      const refused = await stranger.request(query)
      expect(refused.data ?? null, `round ${round}`).toBeNull()
      expect(refused.errors?.[0]?.message).toMatch(/introspection/i)
      expect((await stranger.request('{ __type(name: "User") { name } }')).errors).toBeDefined()
    }
    expect((await stranger.request('{ __typename }')).data).toEqual({ __typename: 'Query' })
  })
})

describe('limits', () => {
  const nested = (depth: number) => `${'inner { '.repeat(depth)}depth${' }'.repeat(depth)}`
  const pages = (depth: number, first: string) =>
    `${`many(first: ${first}) { edges { node { `.repeat(depth)}depth${' } } }'.repeat(depth)}`

  it.each([
    ['depth', `{ testLeaf { ${nested(20)} } }`, /depth/],
    ['breadth', `{ testLeaf { ${Array.from({ length: 400 }, (_, i) => `a${i}: depth`).join(' ')} } }`, /breadth/],
    ['pages in pages', `{ testLeaf { ${pages(3, '50')} } }`, /complexity/],
    ['the largest pages in pages', `{ testLeaf { ${pages(2, '200')} } }`, /complexity/],
    ['pages that name no length', `{ testLeaf { ${pages(3, '50').replaceAll('(first: 50)', '')} } }`, /complexity/],
    [
      'jobs of repositories of jobs',
      `{ ${'jobs { edges { node { repository { '.repeat(2)}jobs { totalCount edges { node { id } } }${' } } } }'.repeat(2)} }`,
      /complexity/,
    ],
    ['runs of plans', '{ plans(first: 50) { edges { node { statistics { runCount } } } } }', /complexity/],
    [
      'programs',
      `{ system { ${Array.from({ length: 11 }, (_, i) => `a${i}: tools { name }`).join(' ')} } }`,
      /complexity/,
    ],
    [
      'questions to borg',
      `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: patternProblem(patterns: []) { __typename }`).join(' ')} }`,
      /complexity/,
    ],
    ['fragments', `query { testLeaf { ...a } } fragment a on TestLeaf { ${pages(3, '50')} }`, /complexity/],
    ['tokens', `{ ${'isSetUp '.repeat(2_000)} }`, /tokens/],
  ])('should refuse too much by %s', async (_what, query, message) => {
    const client = (await listen()).client()
    await setUp(client)
    const { data, errors } = await client.request(query)
    expect(data ?? null).toBeNull()
    expect(errors?.[0]?.message).toMatch(message)
  })

  it('should refuse too many ids', async () => {
    const client = (await listen()).client()
    await setUp(client)
    const nodes = (count: number) =>
      client.request('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: Array.from({ length: count }, (_, index) => btoa(`User:${index}`)),
      })
    expect((await nodes(100)).data).toEqual({ nodes: Array(100).fill(null) })
    expect((await nodes(25_000)).errors?.[0]?.message).toMatch(/complexity/)
  })

  it('should count the operation that runs, with its variables', async () => {
    const client = (await listen()).client()
    await setUp(client)
    const document = `
      query small { testLeaf { depth } }
      query large($first: Int!) { testLeaf { ${pages(2, '$first')} } }`
    const run = async (operationName: string, variables: object) => {
      const response = await client.fetch('/graphql', {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ query: document, operationName, variables }),
      })
      return (await response.json()) as { data?: object; errors?: { extensions: { code: string } }[] }
    }
    expect((await run('small', { first: 200 })).errors).toBeUndefined()
    expect((await run('large', { first: 5 })).errors).toBeUndefined()
    expect((await run('large', { first: 200 })).errors?.[0]?.extensions.code).toBe('OPERATION_TOO_LARGE')
  })

  it('should leave room for what people ask for', async () => {
    const client = (await listen()).client()
    await setUp(client)
    const { errors } = await client.request(
      `{ testLeaf { ${pages(1, '200')} ${pages(1, '50').replace('many', 'b: many')} } }`,
    )
    expect(errors).toBeUndefined()
  })
})

describe('errors that nobody foresaw', () => {
  it('should be told by an id that the log has, once', async () => {
    const server = await listen()
    const client = server.client()
    await setUp(client)
    const { data, errors = [] } = await client.request('{ testFailure(secret: "inline-secret") }')
    expect(data ?? null).toBeNull()
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/^Unexpected error\. The server's log says more under [0-9a-f-]{36}\.$/)
    expect(JSON.stringify(errors)).not.toMatch(/canary|argv|stack|node_modules/)
    const id = /[0-9a-f-]{36}/.exec(errors[0]?.message ?? '')?.[0] ?? ''
    const entries = server
      .log()
      .split('\n')
      .filter((line) => line.includes('the canary'))
    expect(entries).toHaveLength(1)
    expect(entries[0]).toContain(id)
    expect(entries[0]).toContain('testFailure')
    expect(server.log(), 'the query holds what people typed').not.toContain('inline-secret')
  })

  it('should be told so where not even the session can be read', async () => {
    const server = await listen({}, ({ users }) => ({
      users: { ...users, viewerOf: () => Promise.reject(new Error('canary: database is gone')) },
    }))
    const response = await server.client().fetch('/graphql', { method: 'POST', headers: json, body })
    expect(response.status).toBe(500)
    expect(await response.text()).toMatch(/^Unexpected error\. .* [0-9a-f-]{36}\.\n$/)
    expect(server.log()).toContain('canary: database is gone')
  })

  it('should be masked in services, too', async () => {
    const server = await listen({}, ({ users }) => ({
      users: { ...users, isSetUp: () => Promise.reject(new Error('canary')) },
    }))
    const { errors } = await server.client().request('{ isSetUp }')
    expect(errors?.[0]?.message).toMatch(/^Unexpected error/)
    expect(JSON.stringify(errors)).not.toContain('canary')
  })
})

it('should answer null for an id that stands for nothing, and for that one alone', async () => {
  const client = (await listen()).client()
  await setUp(client)
  const { me } = await client.query<{ me: { id: string } }>('{ me { id } }')
  const unknown = ['nonsense', '', btoa('User'), btoa('Nothing:1'), btoa('Query:1'), btoa('PageInfo:1'), btoa('User:1')]
  for (const id of unknown) {
    expect(await client.query('query ($id: ID!) { node(id: $id) { id } }', { id }), id).toEqual({ node: null })
  }
  const ids = unknown.flatMap((id) => [id, me.id])
  const { nodes } = await client.query<{ nodes: unknown[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids,
  })
  expect(nodes).toEqual(unknown.flatMap(() => [null, { id: me.id }]))
})

describe('input that cannot be read', () => {
  const text = 'nonsense '.repeat(20_000)
  const times = 'query ($value: DateTime) { jobs(filter: {createdFrom: $value}) { totalCount } }'
  const query = (document: string, value: unknown) => JSON.stringify({ query: document, variables: { value } })

  it('should be refused as such, and leave nothing in the log, with and without a session', async () => {
    const server = await listen()
    const [stranger, client] = [server.client(), server.client()]
    await setUp(client)
    const before = server.log()
    for (const body of [
      query(times, text),
      query(times, 5),
      query(times.replace('$value}', `"${text}"}`).replace('($value: DateTime)', ''), null),
      query('query ($value: ByteCount) { testSize(size: $value) }', text),
      query('query ($value: ByteCount) { testSize(size: $value) }', 0.5),
      query('query ($value: ID!) { plans(repositoryId: $value) { totalCount } }', text),
      query('query ($value: JobFilter) { jobs(filter: $value) { totalCount } }', { kinds: [text] }),
      query('mutation ($value: SignInInput!) { signIn(input: $value) { __typename } }', { username: text }),
      query('mutation ($value: SetUpInput!) { setUp(input: $value) { __typename } }', { setupToken: [text] }),
      query(`{ ${text} }`, null),
      query(text, null),
      JSON.stringify({ query: '{ isSetUp }', operationName: text }),
      JSON.stringify({ query: '{ isSetUp }', variables: text }),
      JSON.stringify({ query: '{ isSetUp }', [text]: text }),
      `{"${text}`,
    ]) {
      for (const asker of [stranger, client]) {
        const response = await asker.fetch('/graphql', { method: 'POST', headers: json, body })
        const { data, errors } = (await response.json()) as { data?: object | null; errors: { message: string }[] }
        // A stranger has no long words to say.
        const statuses = asker === stranger && body.length > 8_000 ? [413] : [200, 400]
        expect(statuses, body.slice(0, 100)).toContain(response.status)
        expect(data ?? null).toBeNull()
        expect(errors[0]?.message).not.toMatch(/unexpected error/i)
      }
    }
    expect(server.log()).toBe(before)
  })

  it('should say what is wrong with a cursor, also over WebSocket', async () => {
    const server = await listen()
    const client = server.client()
    await setUp(client)
    const before = server.log()
    const message = 'A cursor is one that a list has given.'
    const pages = [
      'jobs(after: $cursor)',
      'repositories(first: 1, after: $cursor)',
      'plans(last: 1, before: $cursor)',
      `node(id: "${btoa('Repository:1')}") { ... on Repository { archives(after: $cursor)`,
    ]
    const given = ['GPC:D:nope', 'GPC:N:5', 'GPC:I:5', 'GPC:Z:', 'GPC:J:["a"]', 'OC:5', ''].map(btoa)
    for (const page of pages) {
      const document = `query ($cursor: String) { ${page} { edges { cursor } }${page.startsWith('node') ? ' } }' : ''} }`
      for (const cursor of [...given, 'nonsense', '\ud800']) {
        const { errors } = await client.request(document, { cursor })
        expect(errors, `${page} ${cursor}`).toEqual([expect.objectContaining({ message })])
      }
      const answers = client.subscribe(document, { cursor: given[0] })
      await expect(answers.next()).rejects.toThrow(message)
    }
    expect(server.log()).toBe(before)
    expect(await client.query('{ jobs(after: null) { totalCount } }')).toEqual({ jobs: { totalCount: 0 } })
  })
})

it('should send subscriptions to the WebSocket', async () => {
  const client = (await listen()).client()
  await setUp(client)
  for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
    const response = await client.fetch('/graphql', {
      method: 'POST',
      headers: { ...json, accept },
      body: JSON.stringify({ query: 'subscription { testTicks }' }),
    })
    expect(await response.text(), accept).toContain('Subscriptions go over WebSocket')
  }
})

it('should keep people apart', async () => {
  const server = await listen()
  const [ada, other] = [server.client(), server.client()]
  await setUp(ada)
  await signIn(other)
  await ada.query('mutation { signOut }')
  expect(await other.query('{ me { username } }')).toEqual({ me: { username: 'ada' } })
})
