import './fields.ts'
import { globSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorCodes } from '../../../server/schema/errors.ts'
import { type ApiClient, type ApiError, administrator, setUp } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'

const graphqlJson = 'application/graphql-response+json'
const root = new URL('../../../', import.meta.url)

let server: ListeningApp
let client: ApiClient
let stranger: ApiClient
beforeAll(async () => {
  server = await listen()
  client = server.client()
  stranger = server.client()
  await setUp(client)
})

interface Answer {
  readonly status: number
  readonly data?: unknown
  readonly errors?: readonly ApiError[]
}

/** What a request is answered, as it was sent. */
const ask = async (asker: ApiClient, body: string | ReadableStream, headers: Record<string, string> = {}) => {
  const response = await asker.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-borgitory': '1', accept: graphqlJson, ...headers },
    body,
    ...(typeof body !== 'string' && { duplex: 'half' }),
  })
  const answer = (await response.json()) as Omit<Answer, 'status'>
  return { status: response.status, type: response.headers.get('content-type'), ...answer }
}

const operation = (query: string, variables: object = {}, operationName?: unknown) =>
  JSON.stringify({ query, variables, operationName })

const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions)

/** Operations that are refused. */
const refused: [what: string, body: string, code: keyof typeof errorCodes][] = [
  ['what is no document', operation('{'), 'GRAPHQL_PARSE_FAILED'],
  ['a field that there is not', operation('{ nothing }'), 'GRAPHQL_VALIDATION_FAILED'],
  ['two operations and no name', operation('query a { isSetUp } query b { isSetUp }'), 'OPERATION_RESOLUTION_FAILURE'],
  ['a name of no operation', operation('query a { isSetUp }', {}, 'b'), 'OPERATION_RESOLUTION_FAILURE'],
  ['a variable left out', operation('query ($id: ID!) { node(id: $id) { id } }'), 'BAD_USER_INPUT'],
  [
    'a variable of another type',
    operation('query ($first: Int) { jobs(first: $first) { totalCount } }', { first: 'x' }),
    'BAD_USER_INPUT',
  ],
  [
    'an id in words',
    operation('query ($id: ID!) { plans(repositoryId: $id) { totalCount } }', { id: 'nonsense' }),
    'BAD_USER_INPUT',
  ],
  ['a page of both ends', operation('{ jobs(first: 1, last: 1) { totalCount } }'), 'BAD_PAGE'],
  [
    'an id where a program would be started',
    operation('{ system { tools { name } } jobs(filter: {planId: "x"}) { totalCount } }'),
    'BAD_USER_INPUT',
  ],
  ['a cursor', operation('{ jobs(after: "nonsense") { totalCount } }'), 'BAD_CURSOR'],
  [
    'a cursor and a blank',
    operation('{ jobs(after: " R1BDOlM6MDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDBm") { totalCount } }'),
    'BAD_CURSOR',
  ],
  ['too much', operation(`{ testLeaf { ${'inner { '.repeat(20)}depth${' }'.repeat(20)} } }`), 'OPERATION_TOO_LARGE'],
  ['too many tokens', operation(`{ ${'isSetUp '.repeat(2_000)} }`), 'OPERATION_TOO_LARGE'],
  ['too many characters', operation(`{ isSetUp } ${'#\n'.repeat(30_000)}`), 'OPERATION_TOO_LARGE'],
  [
    'too many variables',
    operation('query ($id: [ID!]!) { nodes(ids: $id) { id } }', { id: Array(6_000).fill('x') }),
    'OPERATION_TOO_LARGE',
  ],
  ['a subscription', operation('subscription { testTicks }'), 'WEBSOCKET_NEEDED'],
]

describe('an operation that is refused', () => {
  it.each(refused)('should be told by status and code: %s', async (_what, body, code) => {
    const answer = await ask(client, body)
    expect(answer).not.toHaveProperty('data')
    expect(codesOf(answer)).toEqual([{ code }])
    expect(answer).toMatchObject({ status: errorCodes[code], type: `${graphqlJson}; charset=utf-8` })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    const asJson = await ask(client, body, { accept: 'application/json' })
    expect(asJson).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' })
    expect(codesOf(asJson)).toEqual([{ code }])
  })

  it('should be 200 with data, whatever is wrong beside it', async () => {
    expect(await ask(stranger, operation('{ isSetUp }'))).toMatchObject({ status: 200, data: { isSetUp: true } })
    const answer = await ask(stranger, operation('{ jobs { totalCount } }'))
    expect(answer).toMatchObject({ status: 200, data: null })
    expect(codesOf(answer)).toEqual([{ code: 'UNAUTHENTICATED' }])
    const masked = await ask(client, operation('{ testFailure }'))
    expect(masked.status).toBe(200)
    expect(codesOf(masked)).toEqual([{ code: 'INTERNAL_SERVER_ERROR' }])
  })

  it('should take an answer that breaks the schema for a fault of the server’s', async () => {
    const before = server.log().length
    const answer = await ask(client, operation('{ testBroken }'))
    expect(codesOf(answer)).toEqual([{ code: 'INTERNAL_SERVER_ERROR' }])
    expect(answer.errors?.[0]?.message).toMatch(/^Unexpected error/)
    expect(server.log().slice(before)).toContain('Cannot return null')
  })

  it('should not repeat all that was sent', async () => {
    const answer = await ask(
      client,
      operation('query ($i: JobFilter) { jobs(filter: $i) { totalCount } }', { i: { states: ['x'.repeat(100_000)] } }),
    )
    expect(JSON.stringify(answer).length).toBeLessThan(2_000)
  })
})

describe('a request that is no operation', () => {
  const body = operation('{ isSetUp }')
  const without: [what: string, sent: string, headers: Record<string, string>, code: keyof typeof errorCodes][] = [
    ['without the header', body, { 'x-borgitory': '' }, 'HEADER_MISSING'],
    ['of another site', body, { origin: 'https://evil.example' }, 'ORIGIN_REFUSED'],
    ['as text', body, { 'content-type': 'text/plain' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['in another charset', body, { 'content-type': 'application/json; charset=utf-16' }, 'UNSUPPORTED_MEDIA_TYPE'],
    ['for an answer in HTML', body, { accept: 'text/html' }, 'NOT_ACCEPTABLE'],
    ['for a stream', body, { accept: 'text/event-stream, multipart/mixed' }, 'NOT_ACCEPTABLE'],
    ['for an answer in another charset', body, { accept: 'application/json; charset=utf-16' }, 'NOT_ACCEPTABLE'],
    ['for anything but JSON', body, { accept: '*/*; q=0' }, 'NOT_ACCEPTABLE'],
    ['cut short', '{"query":', {}, 'BAD_REQUEST'],
    ['with a list', '[]', {}, 'BAD_REQUEST'],
    ['with nothing', 'null', {}, 'BAD_REQUEST'],
    ['with a number', JSON.stringify({ query: 5 }), {}, 'BAD_REQUEST'],
    ['with variables in a text', JSON.stringify({ query: '{ isSetUp }', variables: 'x' }), {}, 'BAD_REQUEST'],
    ['with a number for a name', operation('{ isSetUp }', {}, 5), {}, 'BAD_REQUEST'],
    ['with more than there is', JSON.stringify({ query: '{ isSetUp }', more: 1 }), {}, 'BAD_REQUEST'],
    ['that is huge', operation('{ isSetUp }', { x: 'x'.repeat(1_000_000) }), {}, 'REQUEST_ENTITY_TOO_LARGE'],
  ]

  it.each(without)('should be told by status and code: %s', async (_what, sent, headers, code) => {
    for (const accept of [headers.accept ?? graphqlJson, headers.accept ?? 'application/json']) {
      const answer = await ask(client, sent, { ...headers, accept })
      expect(answer).not.toHaveProperty('data')
      expect(codesOf(answer)).toEqual([{ code }])
      expect(answer.status).toBe(errorCodes[code])
    }
  })

  it('should be told so by another method, too', async () => {
    const response = await client.fetch('/graphql?query={isSetUp}', { headers: { accept: graphqlJson } })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
  })
})

it.each([
  ['nothing', undefined, 'application/json'],
  ['anything', '*/*', 'application/json'],
  ['either', `application/json, ${graphqlJson}`, graphqlJson],
  ['JSON rather', `application/json, ${graphqlJson};q=0.5`, 'application/json'],
  [
    'what urql asks for',
    `${graphqlJson}, application/graphql+json, application/json, text/event-stream, multipart/mixed`,
    graphqlJson,
  ],
  ['anything of this kind', 'text/html, application/*;q=0.1', 'application/json'],
  ['capitals', 'Application/GraphQL-Response+JSON; Charset=UTF-8', graphqlJson],
])('should answer in the type that is asked for: %s', async (_what, accept, expected) => {
  const answer = await ask(client, operation('{ isSetUp }'), { accept: accept ?? '' })
  expect(answer).toMatchObject({ status: 200, type: `${expected}; charset=utf-8` })
})

describe('a stranger', () => {
  it('should have room to sign in, and for little else', async () => {
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }'
    const input = { ...administrator, password: '\u{1f511}'.repeat(500) }
    expect(await ask(stranger, operation(signIn, { input }))).toMatchObject({
      status: 200,
      data: { signIn: { __typename: 'CredentialsWrong' } },
    })
    const unknown = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, index]))
    expect(codesOf(await ask(stranger, operation(signIn, { input: unknown })))).toEqual([
      { code: 'REQUEST_ENTITY_TOO_LARGE' },
    ])
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(10_000))),
    })
    expect(codesOf(await ask(stranger, endless))).toEqual([{ code: 'LENGTH_REQUIRED' }])
    expect(codesOf(await ask(stranger, operation(`{ ${'isSetUp '.repeat(400)} }`)))).toEqual([
      { code: 'OPERATION_TOO_LARGE' },
    ])
  })

  it('should not be told what there is', async () => {
    for (const body of [
      operation('{ reposotories { totalCount } }'),
      operation('{ me { usernam } }'),
      operation('mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', {
        input: { ...administrator, usernam: '' },
      }),
    ]) {
      expect(JSON.stringify((await ask(stranger, body)).errors)).not.toMatch(/did you mean/i)
      expect(JSON.stringify((await ask(client, body)).errors)).toMatch(/did you mean/i)
    }
  })
})

describe('refusing', () => {
  const fields = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join(' ')
  const keys = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, index]))
  const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)
  const byInput = 'mutation ($i: UpdateQueueInput!) { updateQueue(input: $i) { __typename } }'
  const byIds = 'query ($i: [ID!]!) { nodes(ids: $i) { id } }'

  it.each([
    ['unknown keys', operation(byInput, { i: keys(4_900) })],
    ['more unknown keys', operation(byInput, { i: keys(30_000) })],
    ['a value that is nested deeply', operation(byInput, { i: nested(4_000) })],
    [
      'a value that is nested more deeply',
      `{"query":"${byIds}","variables":{"i":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    ['a list of what is none', operation(byIds, { i: Array(4_900).fill({}) })],
    ['ids that are none', operation(byIds, { i: Array(4_900).fill('x') })],
    [
      'long lists, again and again',
      operation(`query ($i: [ID!]!) { ${fields(100, (index) => `a${index}: nodes(ids: $i) { id }`)} }`, {
        i: Array(3_900).fill(btoa('User:1')),
      }),
    ],
    ['a long text', operation(byInput, { i: 'x'.repeat(490_000) })],
    ['a long name', operation(`{ ${'x'.repeat(490_000)} }`)],
    ['a long number', operation(`{ jobs(first: ${'9'.repeat(40_000)}) { totalCount } }`)],
    ['a long name of an operation', operation('{ isSetUp }', {}, 'x'.repeat(490_000))],
    ['comments', operation(`{ isSetUp ${'#\n'.repeat(24_000)} nothing }`)],
    ['one field, again and again', operation(`{ ${'nothing '.repeat(1_400)} }`)],
    ['one object, again and again', operation(`{ ${'me { id } '.repeat(350)} }`)],
    ['one object in fragments', operation(`{ ${'... { me { id } } '.repeat(200)} }`)],
    [
      'many fragments',
      operation(
        `{ ${fields(120, (index) => `...f${index}`)} } ${fields(120, (index) => `fragment f${index} on Query { a: me { id } }`)}`,
      ),
    ],
    [
      'fragments that double',
      operation(
        `{ ...f0 } ${fields(100, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`)} fragment f100 on Query { isSetUp }`,
      ),
    ],
    [
      'fragments in a circle',
      operation('{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a ...a }'),
    ],
    ['unknown fields', operation(`{ ${fields(1_400, (index) => `unknown${index}`)} }`)],
    ['unknown arguments', operation(`{ jobs(${fields(480, (index) => `a${index}: 1`)}) { totalCount } }`)],
    ['directives', operation(`{ isSetUp ${'@include(if: true) '.repeat(200)} }`)],
    ['a deep list', operation(`{ nodes(ids: ${'['.repeat(700)}${']'.repeat(700)}) { id } }`)],
  ])('should be quick, with a session as without: %s', async (_what, body) => {
    for (const asker of [client, stranger]) {
      const times: number[] = []
      for (let round = 0; round < 3; round++) {
        const before = process.threadCpuUsage()
        const answer = await ask(asker, body)
        const { user, system } = process.threadCpuUsage(before)
        times.push((user + system) / 1000)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.errors?.length).toBeLessThanOrEqual(11)
      }
      // Of the processor, with what it takes to send the request and to read the answer: some 20 on a machine that does
      // nothing else. What this keeps from coming back took seconds.
      expect(Math.min(...times), 'milliseconds').toBeLessThan(300)
    }
  })
})

it('should know the code of every error, and the README too', () => {
  const sources = globSync('server/**/*.ts', { cwd: root }).map((file) => readFileSync(new URL(file, root), 'utf8'))
  const given = sources.flatMap((source) =>
    [...source.matchAll(/extensions: \{ code: '(\w+)'/g)].map(([, code]) => code),
  )
  expect(given.length).toBeGreaterThan(3)
  expect(Object.keys(errorCodes)).toEqual(expect.arrayContaining(given))
  const readme = readFileSync(new URL('README.md', root), 'utf8')
  for (const code of Object.keys(errorCodes)) expect(readme).toContain(`\`${code}\``)
})
