import { once } from 'node:events'
import { createClient } from 'graphql-ws'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { HttpOptions } from '../../../server/http/server.ts'
import { type ApiAnswer, setUp, signIn } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { poll } from '../../support/poll.ts'
import { watched } from '../http/fields.ts'

const ticks = 'subscription { testTicks }'

const listenSignedIn = async (options: HttpOptions = {}) => {
  const server = await listen(options)
  const client = server.client()
  await setUp(client)
  const make = async (input: object) => {
    const { createApiToken } = await client.query<{
      createApiToken: { __typename: string; message?: string; token: string; apiToken: { id: string } }
    }>(
      `mutation ($input: CreateApiTokenInput!) {
        createApiToken(input: $input) {
          __typename ... on CreatedApiToken { token apiToken { id name scope expiresAt lastUsedAt } } ... on Problem { message }
        }
      }`,
      { input },
    )
    return createApiToken
  }
  const remove = (id: string) =>
    client.query<{ deleteApiToken: { __typename: string } }>(
      'mutation ($id: ID!) { deleteApiToken(input: {id: $id}) { __typename } }',
      { id },
    )
  return { server, client, make, remove }
}

/** Asks as a program does: with nothing but the token and the type of the body. */
const askWith = async (
  { url }: ListeningApp,
  authorization: string,
  query = '{ me { username } }',
  headers: Record<string, string> = {},
): Promise<ApiAnswer<Record<string, unknown>>> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, ...((await response.json()) as object) }
}

const codesOf = ({ errors }: ApiAnswer<unknown>) => errors?.map(({ extensions }) => extensions?.code)

const wrong = `borgitory_${'x'.repeat(43)}`

describe('an API token', () => {
  it('should be told once, be kept as a hash, and be listed with its last use', async () => {
    const { server, client, make } = await listenSignedIn()
    const { token, apiToken } = await make({ name: 'ci', scope: 'FULL' })
    expect(token).toMatch(/^borgitory_[\w-]{43}$/)
    expect(apiToken).toMatchObject({ name: 'ci', scope: 'FULL', expiresAt: null, lastUsedAt: null })
    expect(JSON.stringify(await server.app.db.apiToken.findMany())).not.toContain(token)
    expect(await make({ name: 'ci', scope: 'READ' })).toMatchObject({ __typename: 'NameTaken' })

    expect(await askWith(server, `Bearer ${token}`)).toMatchObject({ status: 200, data: { me: { username: 'ada' } } })
    const list = '{ apiTokens { nodes { id name lastUsedAt owner { username } } } }'
    const read = () => client.query<{ apiTokens: { nodes: { lastUsedAt: string | null }[] } }>(list)
    await expect.poll(async () => (await read()).apiTokens.nodes[0]?.lastUsedAt).toMatch(/^2/)
    const write = vi.spyOn(server.app.db.apiToken, 'updateMany')
    await askWith(server, `Bearer ${token}`)
    expect(write).not.toHaveBeenCalled()
    expect(server.log()).not.toContain(token)
  })

  it('should need no header and no origin, and neither read nor set a cookie', async () => {
    const { server, client, make } = await listenSignedIn()
    const { token } = await make({ name: 'ci', scope: 'READ' })
    const answer = await askWith(server, `Bearer ${token}`, undefined, { origin: 'https://elsewhere.example' })
    expect(answer).toMatchObject({ status: 200, data: { me: { username: 'ada' } } })

    // The cookie would be good enough to sign out; the scheme’s case does not matter.
    const signOut = await askWith(server, `bearer  ${token} `, 'mutation { signOut }', { cookie: client.cookie() })
    expect(codesOf(signOut)).toEqual(['FORBIDDEN'])
    expect(signOut.headers.getSetCookie()).toEqual([])
    expect(await client.query('{ me { username } }')).toEqual({ me: { username: 'ada' } })

    // A proxy’s password is none of ours.
    const basic = await client.request('{ me { username } }', {}, { authorization: 'Basic YWRhOmFkYQ==' })
    expect(basic.data).toEqual({ me: { username: 'ada' } })
  })

  it('should be refused where it is wrong, expired or removed, whatever the cookies', async () => {
    const { server, client, make, remove } = await listenSignedIn()
    const { token, apiToken } = await make({ name: 'ci', scope: 'FULL' })
    const expiring = await make({ name: 'soon', scope: 'READ', expiresAt: new Date(Date.now() + 60_000).toISOString() })
    expect(await make({ name: 'past', scope: 'READ', expiresAt: new Date(0).toISOString() })).toMatchObject({
      __typename: 'InvalidInput',
    })
    await server.app.db.apiToken.update({
      where: { id: atob(expiring.apiToken.id).split(':')[1] ?? '' },
      data: { expiresAt: new Date(Date.now() - 1) },
    })
    await remove(apiToken.id)
    expect((await remove(apiToken.id)).deleteApiToken).toEqual({ __typename: 'ApiTokenNotFound' })
    for (const bad of [wrong, '', 'x', `${token}x`, token.slice(0, -1), token, expiring.token]) {
      const answer = await askWith(server, `Bearer ${bad}`, undefined, { cookie: client.cookie(), 'x-borgitory': '1' })
      expect(answer.status, bad).toBe(401)
      expect(codesOf(answer)).toEqual(['UNAUTHENTICATED'])
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    }
  })

  it('should be guessed at a few times only, which keeps nobody out', async () => {
    const { server, make } = await listenSignedIn()
    const { token } = await make({ name: 'ci', scope: 'READ' })
    for (let guess = 0; guess < 30; guess++) expect((await askWith(server, `Bearer ${wrong}`)).status).toBe(401)
    const refused = await askWith(server, `Bearer ${wrong}`)
    expect(refused.status).toBe(429)
    expect(codesOf(refused)).toEqual(['TOO_MANY_ATTEMPTS'])
    expect((await askWith(server, `Bearer ${token}`)).status).toBe(200)
    await signIn(server.client())
  })
})

/** What a socket of a program says first, and how it is answered. */
const connect = async ({ url }: ListeningApp, headers: Record<string, string>, payload?: object) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  cleanUpAfter(() => socket.terminate())
  const refused = once(socket, 'unexpected-response').then(([, response]) => Number(response.statusCode))
  socket.on('error', () => {})
  const status = await Promise.race([once(socket, 'open').then(() => 101), refused])
  if (status !== 101) return { socket, answer: status }
  socket.send(JSON.stringify({ type: 'connection_init', payload }))
  const answer = await Promise.race([
    once(socket, 'message').then(([data]) => JSON.parse(String(data)).type as string),
    once(socket, 'close').then(([code, reason]) => `${code} ${reason}`),
  ])
  return { socket, answer }
}

describe('over WebSocket, an API token', () => {
  it('should come with the upgrade or with the first message, which goes before the cookies', async () => {
    const { server, client, make } = await listenSignedIn()
    const { token } = await make({ name: 'ci', scope: 'READ' })
    const authorization = `Bearer ${token}`
    const cookie = client.cookie()
    expect((await connect(server, { authorization })).answer).toBe('connection_ack')
    expect((await connect(server, { authorization, origin: 'app://elsewhere' })).answer).toBe('connection_ack')
    expect((await connect(server, {}, { authorization })).answer).toBe('connection_ack')
    expect((await connect(server, {}, { Authorization: authorization })).answer).toBe('connection_ack')
    expect((await connect(server, { authorization: `Bearer ${wrong}` })).answer).toBe(401)
    expect((await connect(server, { authorization: `Bearer ${wrong}`, cookie })).answer).toBe(401)
    for (const payload of [undefined, {}, { authorization: 7 }, { authorization: 'Basic eA==' }]) {
      expect((await connect(server, {}, payload)).answer).toBe('4401 Sign in first')
    }
    const isWrong = '4401 This API token is wrong, has expired or was removed.'
    expect((await connect(server, {}, { authorization: `Bearer ${wrong}` })).answer).toBe(isWrong)
    expect((await connect(server, { cookie }, { authorization: `Bearer ${wrong}` })).answer).toBe(isWrong)
    expect((await connect(server, { origin: 'https://elsewhere.example' }, { authorization })).answer).toBe(403)

    const { socket } = await connect(server, { cookie }, { authorization })
    const answer = once(socket, 'message')
    const query = 'mutation { resumeQueue { isPaused } }'
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
    expect(JSON.parse(String((await answer)[0]))).toMatchObject({
      payload: { errors: [{ message: 'This API token may only read.', extensions: { code: 'FORBIDDEN' } }] },
    })
  })

  it('should let no crowd of strangers wait before they say who they are', async () => {
    const { server, make } = await listenSignedIn()
    const { token } = await make({ name: 'ci', scope: 'READ' })
    const waiting = Array.from(
      { length: 20 },
      () => new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws'),
    )
    cleanUpAfter(() => {
      for (const socket of waiting) socket.terminate()
    })
    await Promise.all(waiting.map((socket) => once(socket, 'open')))
    expect((await connect(server, {})).answer).toBe(429)
    expect((await connect(server, { authorization: `Bearer ${token}` })).answer).toBe('connection_ack')
    const closed = await Promise.all(waiting.map((socket) => once(socket, 'close')))
    expect(new Set(closed.map(([code]) => code))).toEqual(new Set([4401]))
    expect((await connect(server, {}, { authorization: `Bearer ${token}` })).answer).toBe('connection_ack')
  })

  it('should be the first that a stranger says, in few bytes, and what they ping is not sent back', async () => {
    const { server, make } = await listenSignedIn()
    const open = async () => {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
      cleanUpAfter(() => socket.terminate())
      await once(socket, 'open')
      return socket
    }
    const large = 'a'.repeat(100_000)
    for (const [message, code] of [
      [{ type: 'ping' }, 4401],
      [{ type: 'ping', payload: { large } }, 1006],
      [{ type: 'connection_init', payload: { large } }, 1006],
    ] as const) {
      const socket = await open()
      socket.send(JSON.stringify(message))
      expect((await once(socket, 'close'))[0]).toBe(code)
    }
    const { token } = await make({ name: 'ci', scope: 'READ' })
    const { socket } = await connect(server, { authorization: `Bearer ${token}` })
    socket.send(JSON.stringify({ type: 'ping', payload: { large } }))
    expect(String((await once(socket, 'message'))[0])).toBe('{"type":"pong"}')
  })

  it.each(['removed', 'expired'])('should end what is watched with it when it is %s', async (how) => {
    const { server, client, make, remove } = await listenSignedIn({ sessionCheckInterval: 100 })
    const { token, apiToken } = await make({ name: 'ci', scope: 'READ' })
    const other = await make({ name: 'other', scope: 'READ' })
    const subscribe = (authorization: string) => {
      const subscriptions = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization },
      })
      cleanUpAfter(() => void subscriptions.dispose())
      return subscriptions.iterate({ query: ticks })
    }
    const { begun, ended } = watched
    const watching = subscribe(`Bearer ${token}`)
    const closed = watching.next().catch((error: { code: number }) => error.code)
    const others = subscribe(`Bearer ${other.token}`)
    const next = others.next()
    const mine = client.subscribe(ticks)
    const nextOfMine = mine.next()
    await poll('all are watched', () => watched.begun === begun + 3)
    if (how === 'removed') await remove(apiToken.id)
    else await server.app.db.apiToken.updateMany({ where: { name: 'ci' }, data: { expiresAt: new Date() } })
    expect(await closed).toBe(4401)
    await poll('the subscription has ended', () => watched.ended === ended + 1)
    server.app.events.publish('job:changed', 'still here')
    expect(await next).toMatchObject({ value: { data: { testTicks: 'still here' } } })
    expect(await nextOfMine).toMatchObject({ value: { testTicks: 'still here' } })
  })
})
