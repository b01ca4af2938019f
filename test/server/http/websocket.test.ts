import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { createClient } from 'graphql-ws'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { HttpOptions } from '../../../server/http/server.ts'
import { type ApiClient, setUp } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { poll } from '../../support/poll.ts'
import { startServer } from '../../support/server.ts'
import { watched } from './fields.ts'

const protocol = 'graphql-transport-ws'
const ticks = 'subscription { testTicks }'

const listenSignedIn = async (options: HttpOptions = {}) => {
  const server = await listen(options)
  const client = server.client()
  await setUp(client)
  return { server, client }
}

/** The status that an upgrade is answered with; 101 where it is accepted. */
const knock = async ({ url }: ListeningApp, headers: Record<string, string>, path = '/graphql') => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocol, { headers })
  const { promise, resolve } = Promise.withResolvers<{ status: number | undefined; headers: object }>()
  socket.once('upgrade', () => resolve({ status: 101, headers: {} }))
  socket.once('unexpected-response', (_request, response) => {
    response.resume()
    resolve({ status: response.statusCode, headers: response.headers })
  })
  socket.on('error', () => {})
  const answer = await promise
  socket.terminate()
  return answer
}

/** A socket that speaks the protocol by hand and is past the greeting. */
const open = async (client: ApiClient) => {
  const socket = new WebSocket(`${client.url.replace('http', 'ws')}/graphql`, protocol, {
    headers: { cookie: client.cookie(), origin: client.url },
  })
  await once(socket, 'open')
  const send = (message: object) => socket.send(JSON.stringify(message))
  const receive = async () => JSON.parse(String((await once(socket, 'message'))[0]))
  const greeting = receive()
  send({ type: 'connection_init' })
  expect(await greeting).toEqual({ type: 'connection_ack' })
  return { socket, send, receive }
}

/** Has nothing of this process go on for so many milliseconds, as where much is to be done or the machine is busy. */
const standStill = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/** Runs one operation over a WebSocket. */
const run = async (client: ApiClient, query: string) => {
  const { socket, send, receive } = await open(client)
  const answer = receive()
  send({ id: '1', type: 'subscribe', payload: { query } })
  const message = await answer
  socket.terminate()
  return message
}

describe('handshake', () => {
  it('should not take a server that is busy for a peer that says nothing', async () => {
    const { client } = await listenSignedIn()
    const socket = new WebSocket(`${client.url.replace('http', 'ws')}/graphql`, protocol, {
      headers: { cookie: client.cookie(), origin: client.url },
    })
    socket.once('open', () => {
      socket.send('{"type":"connection_init"}')
      standStill(3_500)
    })
    const closed = once(socket, 'close').then(([code, reason]) => `closed with ${code}: ${reason}`)
    const answered = once(socket, 'message').then(([data]) => String(data))
    expect(await Promise.race([answered, closed])).toBe('{"type":"connection_ack"}')
    socket.terminate()
  })

  it('should be refused without a session', async () => {
    const { server, client } = await listenSignedIn()
    const wrong = client.cookie().replace(/(session_\d+)=[^;]+/, '$1=wrong')
    const refused = await knock(server, { origin: server.url })
    expect(refused.status).toBe(401)
    expect((await knock(server, { cookie: wrong })).status).toBe(401)
    expect(refused.headers).toMatchObject({ 'x-content-type-options': 'nosniff' })
    expect((await knock(server, { cookie: client.cookie() })).status).toBe(101)
  })

  it('should be refused from another origin', async () => {
    const { server, client } = await listenSignedIn()
    const cookie = client.cookie()
    expect((await knock(server, { cookie, origin: server.url })).status).toBe(101)
    for (const origin of [
      'https://evil.example',
      'null',
      'http://127.0.0.1',
      server.url.replace('127.0.0.1', 'localhost'),
    ]) {
      expect((await knock(server, { cookie, origin })).status, origin).toBe(403)
    }
  })

  it('should be refused anywhere else', async () => {
    const { server, client } = await listenSignedIn()
    for (const path of ['/', '/graphql/', '/other']) {
      expect((await knock(server, { cookie: client.cookie() }, path)).status, path).toBe(404)
    }
  })

  it('should be refused with an error id where the session cannot be read', async () => {
    const server = await listen({}, ({ users }) => ({
      users: { ...users, viewerOf: () => Promise.reject(new Error('canary')) },
    }))
    expect((await knock(server, { cookie: 'borgitory_session=x' })).status).toBe(500)
    expect(server.log()).toContain('canary')
  })

  it('should keep nothing of a peer that is refused and never closes its side', async () => {
    const { url, pid } = await startServer()
    const { hostname, port, host } = new URL(url)
    const openFiles = () => readdirSync(`/proc/${pid}/fd`).length
    const knockAndStay = async () => {
      const peer = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
      cleanUpAfter(() => {
        peer.destroy()
      })
      peer.on('error', () => {})
      peer.write(
        `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      const [answer] = await once(peer, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /)
    }
    const before = openFiles()
    await Promise.all(Array.from({ length: 50 }, knockAndStay))
    await poll('the sockets are gone', () => openFiles() <= before)
  })
})

describe('operations', () => {
  it('should run queries with the session', async () => {
    const { client } = await listenSignedIn()
    expect(await run(client, '{ me { username } }')).toMatchObject({
      type: 'next',
      payload: { data: { me: { username: 'ada' } } },
    })
  })

  it('should be refused where they ask for too much, subscriptions too', async () => {
    const { client } = await listenSignedIn()
    const nested = `${'inner { '.repeat(20)}depth${' }'.repeat(20)}`
    const refusal = { errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }] }
    expect(await run(client, `{ testLeaf { ${nested} } }`)).toMatchObject({ payload: refusal })
    const aliases = Array.from({ length: 400 }, (_, index) => `a${index}: username`).join(' ')
    expect(await run(client, `{ me { ${aliases} } }`)).toMatchObject({ payload: refusal })
    const begun = watched.begun
    const wide = Array.from({ length: 400 }, (_, index) => `a${index}: depth`).join(' ')
    expect(await run(client, `subscription { testLeaves { ${wide} } }`)).toMatchObject({ payload: refusal })
    expect(watched.begun).toBe(begun)
  })

  it('should say what is wrong with a document', async () => {
    const { client } = await listenSignedIn()
    expect(await run(client, '{ nothing }')).toMatchObject({ type: 'error', payload: [{ message: /nothing/ }] })
    expect(await run(client, '{')).toMatchObject({ type: 'error', payload: [{ message: /Syntax Error/ }] })
  })

  it('should mask errors that nobody foresaw', async () => {
    const { server, client } = await listenSignedIn()
    const answer = await run(client, '{ testFailure }')
    expect(answer.payload.errors[0].message).toMatch(/^Unexpected error\. .* [0-9a-f-]{36}\.$/)
    expect(JSON.stringify(answer)).not.toContain('canary')
    expect(server.log()).toContain('the canary')
  })

  it('should be told by codes what is wrong, and nothing that is for HTTP alone', async () => {
    const { client } = await listenSignedIn()
    for (const [query, code] of [
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['query a { isSetUp } query b { isSetUp }', 'OPERATION_RESOLUTION_FAILURE'],
      ['query ($first: Int!) { jobs(first: $first) { totalCount } }', 'BAD_USER_INPUT'],
      ['subscription ($id: ID!) { jobChanged(id: $id) { id } }', 'BAD_USER_INPUT'],
      ['{ plans(repositoryId: "nonsense") { totalCount } }', 'BAD_USER_INPUT'],
      ['{ jobs(after: "nonsense") { totalCount } }', 'BAD_CURSOR'],
      [`{ ${'isSetUp '.repeat(2_000)} }`, 'OPERATION_TOO_LARGE'],
      ['{ testFailure }', 'INTERNAL_SERVER_ERROR'],
    ] as const) {
      const { payload } = await run(client, query)
      const errors: { extensions: object }[] = payload.errors ?? payload
      expect(errors.map(({ extensions }) => extensions)).toEqual([{ code }])
    }
  })

  it.each([
    ['a message that is too large', 1009, JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(300_000) } })],
    ['a message that only servers send', 4400, JSON.stringify({ type: 'connection_ack' })],
    ['a result', 4400, JSON.stringify({ id: '1', type: 'next', payload: { data: {} } })],
    ['what is no message', 4400, '{"type":"nothing"}'],
    ['what is no JSON', 4400, '{'],
  ])('should end the socket for %s, and say nothing of it on the console', async (_what, code, message) => {
    const { server, client } = await listenSignedIn()
    const [onError, onWarning] = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')]
    const { socket } = await open(client)
    const closed = once(socket, 'close')
    socket.send(message)
    expect((await closed)[0]).toBe(code)
    expect([...onError.mock.calls, ...onWarning.mock.calls]).toEqual([])
    expect(server.log()).not.toContain('"level":50')
    vi.restoreAllMocks()
  })

  it('should be refused quickly', async () => {
    const { client } = await listenSignedIn()
    const keys = Object.fromEntries(Array.from({ length: 4_900 }, (_, index) => [`key${index}`, index]))
    const query = 'mutation ($i: UpdateQueueInput!) { updateQueue(input: $i) { __typename } }'
    const times: number[] = []
    for (let round = 0; round < 3; round++) {
      const { socket, send, receive } = await open(client)
      const answer = receive()
      const before = process.threadCpuUsage()
      send({ id: '1', type: 'subscribe', payload: { query, variables: { i: keys } } })
      expect(await answer).toMatchObject({ payload: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] } })
      const { user, system } = process.threadCpuUsage(before)
      times.push((user + system) / 1000)
      socket.terminate()
    }
    expect(Math.min(...times), 'milliseconds').toBeLessThan(300)
  })

  it('should be limited in size and number', async () => {
    const { client } = await listenSignedIn()
    const large = await open(client)
    const closed = once(large.socket, 'close')
    large.send({ id: '1', type: 'subscribe', payload: { query: `{ isSetUp } #${'x'.repeat(300_000)}` } })
    expect((await closed)[0]).toBe(1009)

    const many = await open(client)
    const answer = many.receive()
    for (let id = 0; id <= 200; id++) many.send({ id: String(id), type: 'subscribe', payload: { query: ticks } })
    expect(await answer).toMatchObject({ id: '200', type: 'error', payload: [{ message: /200 operations/ }] })
    many.socket.terminate()
  })
})

describe('subscriptions', () => {
  const subscribe = async (server: ListeningApp, client: ApiClient) => {
    const { begun } = watched
    const connection = await open(client)
    connection.send({ id: '1', type: 'subscribe', payload: { query: ticks } })
    await vi.waitFor(() => expect(watched.begun).toBe(begun + 1))
    const tick = connection.receive()
    server.app.events.publish('job:changed', 'first')
    expect(await tick).toMatchObject({ id: '1', type: 'next', payload: { data: { testTicks: 'first' } } })
    return connection
  }

  it('should end at the source when the client completes them', async () => {
    const { server, client } = await listenSignedIn()
    const { send } = await subscribe(server, client)
    const { ended } = watched
    send({ id: '1', type: 'complete' })
    await vi.waitFor(() => expect(watched.ended).toBe(ended + 1))
  })

  it.each([
    ['a malformed id', 'not an id', {}],
    ['an id of nothing', Buffer.from('Job:nothing').toString('base64'), { extensions: { code: 'NOT_FOUND' } }],
  ])('should be refused with %s, and the others on the socket go on', async (_what, id, error) => {
    const { server, client } = await listenSignedIn()
    const { socket, send } = await subscribe(server, client)
    const received: { id: string; type: string }[] = []
    socket.on('message', (data) => received.push(JSON.parse(String(data))))
    send({ id: '2', type: 'subscribe', payload: { query: `subscription { jobChanged(id: "${id}") { id } }` } })
    await vi.waitFor(() => expect(received.at(-1)).toEqual({ id: '2', type: 'complete' }))
    expect(received).toMatchObject([{ id: '2', type: 'next', payload: { errors: [error] } }, {}])

    server.app.events.publish('job:changed', 'second')
    await vi.waitFor(() => expect(received).toHaveLength(3))
    expect(received[2]).toMatchObject({ id: '1', type: 'next', payload: { data: { testTicks: 'second' } } })
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.terminate()
  })

  it('should end at the source when the connection is lost', async () => {
    const { server, client } = await listenSignedIn()
    const { socket } = await subscribe(server, client)
    const { ended } = watched
    socket.terminate()
    await vi.waitFor(() => expect(watched.ended).toBe(ended + 1))
  })

  it('should end with the session when it is signed out', async () => {
    const { server, client } = await listenSignedIn()
    const { socket } = await subscribe(server, client)
    const { ended } = watched
    const closed = once(socket, 'close')
    await client.query('mutation { signOut }')
    expect((await closed)[0]).toBe(4401)
    await vi.waitFor(() => expect(watched.ended).toBe(ended + 1))
  })

  it('should go on for others when one signs out', async () => {
    const { server, client } = await listenSignedIn()
    const other = server.client()
    await other.query(
      'mutation { signIn(input: {username: "ada", password: "correct horse battery staple"}) { __typename } }',
    )
    const { receive, socket } = await subscribe(server, client)
    await other.query('mutation { signOut }')
    const tick = receive()
    server.app.events.publish('job:changed', 'second')
    expect(await tick).toMatchObject({ payload: { data: { testTicks: 'second' } } })
    expect(socket.readyState).toBe(WebSocket.OPEN)
  })

  it('should end with the session when it expires', async () => {
    const { server, client } = await listenSignedIn({ sessionCheckInterval: 20 })
    const { socket } = await subscribe(server, client)
    const closed = once(socket, 'close')
    await server.app.db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    expect((await closed)[0]).toBe(4401)
  })

  it('should not begin once the session has expired', async () => {
    const { server, client } = await listenSignedIn()
    const { send, socket } = await subscribe(server, client)
    const { begun } = watched
    const closed = once(socket, 'close')
    await server.app.db.session.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } })
    send({ id: '2', type: 'subscribe', payload: { query: ticks } })
    expect((await closed)[0]).toBe(4401)
    expect(watched.begun).toBe(begun)
  })

  it('should end when the server stops', async () => {
    const { server, client } = await listenSignedIn()
    const { socket } = await subscribe(server, client)
    const { ended } = watched
    const closed = once(socket, 'close')
    await server.close()
    expect((await closed)[0]).toBe(1001)
    expect(watched.ended).toBe(ended + 1)
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })

  it('should end when the server stops although the client says nothing any more', async () => {
    const { server, client } = await listenSignedIn()
    const { socket } = await subscribe(server, client)
    socket.pause()
    await server.close()
    socket.terminate()
  })

  it('should work with the client library that the web uses', async () => {
    const { server, client } = await listenSignedIn()
    class Socket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { cookie: client.cookie(), origin: server.url } })
      }
    }
    const library = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: Socket })
    const { begun, ended } = watched
    const results = library.iterate<{ testTicks: string }>({ query: ticks })
    const first = results.next()
    await vi.waitFor(() => expect(watched.begun).toBe(begun + 1))
    server.app.events.publish('job:changed', 'one')
    expect((await first).value).toEqual({ data: { testTicks: 'one' } })
    await results.return?.()
    await vi.waitFor(() => expect(watched.ended).toBe(ended + 1))
    await library.dispose()
  })
})
