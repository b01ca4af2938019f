import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { hostname } from 'node:os'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { administrator, setUp, signIn } from '../../support/api-client.ts'
import { type ListeningApp, listen, reachedBy } from '../../support/app.ts'

type Headers = Record<string, string>

const signInDocument = 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }'
const wrong = { ...administrator, password: 'wrong' }

/** Sends headers as they are, also those that `fetch` keeps to itself. */
const send = async ({ url }: ListeningApp, path: string, headers: Headers, body?: object) => {
  const sent = request(`${url}${path}`, { method: body ? 'POST' : 'GET', headers }).end(body && JSON.stringify(body))
  const [response]: IncomingMessage[] = await once(sent, 'response')
  if (response === undefined) throw new Error('no answer')
  return { status: response.statusCode, headers: response.headers, text: await text(response) }
}

const post = (server: ListeningApp, headers: Headers, query = '{ isSetUp }', variables = {}) =>
  send(server, '/graphql', { 'content-type': 'application/json', 'x-borgitory': '1', ...headers }, { query, variables })

/** Signs in with a wrong password, and gives the address that the log has of it. */
const addressSeen = async (server: ListeningApp, headers: Headers) => {
  await post(server, headers, signInDocument, { input: wrong })
  return [...server.log().matchAll(/"address":"([^"]*)"/g)].at(-1)?.[1]
}

/** The status that an upgrade is answered with; 101 where it is accepted. */
const upgrade = async ({ url }: ListeningApp, headers: Headers) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  const { promise, resolve } = Promise.withResolvers<number | undefined>()
  socket.once('upgrade', () => resolve(101))
  socket.once('unexpected-response', (_request, response) => resolve(response.resume().statusCode))
  socket.on('error', () => {})
  const status = await promise
  socket.terminate()
  return status
}

describe('forwarded headers', () => {
  it('should be believed of nobody by default', async () => {
    const server = await listen()
    const headers = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }
    expect(await addressSeen(server, headers)).toBe('127.0.0.1')
    await setUp(server.client())
    const answer = await post(server, headers, signInDocument, { input: administrator })
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^borgitory_session_/)
    expect(server.log().match(/name it in TRUSTED_PROXIES/g)).toHaveLength(1)
  })

  it('should not let anyone guess on who changes them with each guess', async () => {
    const server = await listen()
    await setUp(server.client())
    const answers: string[] = []
    for (let guess = 0; guess <= 30; guess++) {
      const headers = { 'x-forwarded-for': `192.0.2.${guess}` }
      const input = { ...wrong, username: `user${guess}` }
      answers.push((await post(server, headers, signInDocument, { input })).text)
    }
    expect(answers.filter((answer) => answer.includes('CredentialsWrong'))).toHaveLength(30)
    expect(answers.at(-1)).toContain('TooManyAttempts')
  })

  it('should name the nearest address that is no proxy of ours', async () => {
    const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8, fd00::/8' }))
    const seen = (value: string) => addressSeen(server, { 'x-forwarded-for': value })
    expect(await seen('192.0.2.1')).toBe('192.0.2.1')
    expect(await seen('203.0.113.9, 192.0.2.1')).toBe('192.0.2.1')
    expect(await seen('203.0.113.9, 192.0.2.1, 10.1.1.1,fd00::7')).toBe('192.0.2.1')
    expect(await seen('203.0.113.9, 2001:db8::1')).toBe('2001:db8::1')
    expect(await seen('10.1.1.2, 10.1.1.1')).toBe('10.1.1.2')
    expect(await seen('192.0.2.1, nonsense, 10.1.1.1')).toBe('10.1.1.1')
    expect(await seen('')).toBe('127.0.0.1')
    expect(server.log()).not.toContain('TRUSTED_PROXIES')
  })

  it('should say the name and the scheme that the browser sees', async () => {
    const variables = { TRUSTED_PROXIES: '127.0.0.1', PUBLIC_URL: 'https://borg.example' }
    const server = await listen({}, reachedBy(variables))
    await setUp(server.client())
    const cookieFor = async (headers: Headers) =>
      (await post(server, headers, signInDocument, { input: administrator })).headers['set-cookie']?.[0]
    expect(await cookieFor({ 'x-forwarded-host': 'borg.example' })).toMatch(/^__Host-borgitory_session_443=.*; Secure/)
    expect(await cookieFor({ host: 'borg.example' })).toMatch(/^__Host-borgitory_session_443=/)
    expect(await cookieFor({ 'x-forwarded-proto': 'http, https' })).toMatch(/^__Host-borgitory_session_\d+=/)
    expect(await cookieFor({ 'x-forwarded-proto': 'https, http' })).toMatch(/^borgitory_session_\d+=/)
    expect((await post(server, { 'x-forwarded-host': 'evil.example' })).status).toBe(421)
    // A page of another site may send one of its own, and there are proxies that hand it on.
    const rebound = { host: 'evil.example', 'x-forwarded-host': 'borg.example' }
    expect((await post(server, rebound)).status).toBe(421)
  })
})

it('should know a session by the same cookie, whatever a proxy calls the scheme of a WebSocket', async () => {
  const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1' }))
  await setUp(server.client())
  const https = { host: '192.0.2.1', origin: 'https://192.0.2.1', 'x-forwarded-proto': 'https' }
  const answer = await post(server, https, signInDocument, { input: administrator })
  const cookie = answer.headers['set-cookie']?.map((line) => line.split(';')[0]).join('; ') ?? ''
  for (const scheme of ['https', 'wss']) {
    expect(await upgrade(server, { ...https, cookie, 'x-forwarded-proto': scheme }), scheme).toBe(101)
  }
  expect(await upgrade(server, { ...https, cookie, 'x-forwarded-proto': 'http' })).toBe(401)
})

describe('a name that is not the server’s own', () => {
  it('should be refused everywhere but where its health is asked for, and the way out be said', async () => {
    const server = await listen()
    const client = server.client()
    await setUp(client)
    for (const host of [
      'evil.example',
      'evil.example:8000',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      'a@127.0.0.1',
    ]) {
      const page = await send(server, '/', { host, accept: 'text/html' })
      expect(page.status, host).toBe(421)
      expect(page.text).toContain('set PUBLIC_URL to what the address bar of the browser says')
      expect(page.headers['x-content-type-options']).toBe('nosniff')
      const origin = `http://${host}`
      expect((await post(server, { host, origin, cookie: client.cookie() })).status, host).toBe(421)
      expect(await upgrade(server, { host, origin, cookie: client.cookie() }), host).toBe(421)
      expect((await send(server, '/healthz', { host })).status).toBe(200)
    }
  })

  it('should not lock out who comes by an address or a name of the machine', async () => {
    const server = await listen({}, reachedBy({ HOST: 'Backups.Example' }))
    const { port } = new URL(server.url)
    const machine = hostname().toLowerCase()
    const [short] = machine.split('.')
    for (const name of [
      '127.0.0.1',
      '192.168.1.2',
      '[::1]',
      '[fd00::1]',
      'localhost',
      'LOCALHOST',
      'backups.example',
      machine,
      `${short}.local`,
      `${short}.lan`,
    ]) {
      const host = `${name}:${port}`
      expect((await post(server, { host, origin: `http://${host.toLowerCase()}` })).status, name).toBe(200)
    }
  })

  it('should be its own once PUBLIC_URL says so', async () => {
    const server = await listen({}, reachedBy({ PUBLIC_URL: 'https://borg.example:8443' }))
    const client = server.client()
    await setUp(client)
    // Also where a proxy leaves the port out, or the whole name.
    for (const host of ['borg.example:8443', 'borg.example', 'BORG.example:1', '127.0.0.1:8000']) {
      expect((await post(server, { host, origin: 'https://borg.example:8443' })).status, host).toBe(200)
    }
    for (const host of ['evil.example', 'www.borg.example', 'borg.example.evil.example']) {
      expect((await post(server, { host })).status, host).toBe(421)
    }
  })
})

describe('origin', () => {
  const statusOf = async (server: ListeningApp, host: string, origin: string) => {
    const cookie = server.client().cookie()
    const { status } = await post(server, { host, origin })
    const upgraded = await upgrade(server, { host, origin, cookie })
    // Nobody is signed in: 401 comes after the origin was looked at.
    expect(upgraded, `${origin} by WebSocket`).toBe(status === 200 ? 401 : status)
    return status
  }

  it('should be the same with the port of its scheme and without', async () => {
    const server = await listen()
    expect(await statusOf(server, '192.0.2.1:443', 'https://192.0.2.1')).toBe(200)
    expect(await statusOf(server, '192.0.2.1', 'https://192.0.2.1')).toBe(200)
    expect(await statusOf(server, '192.0.2.1:80', 'http://192.0.2.1')).toBe(200)
    expect(await statusOf(server, '192.0.2.1:80', 'https://192.0.2.1')).toBe(403)
    expect(await statusOf(server, '192.0.2.1:443', 'http://192.0.2.1')).toBe(403)
    expect(await statusOf(server, '192.0.2.1:8000', 'http://192.0.2.1:8001')).toBe(403)
  })

  it('should be that of PUBLIC_URL under its name', async () => {
    const server = await listen({}, reachedBy({ PUBLIC_URL: 'https://borg.example' }))
    for (const host of ['borg.example:443', 'borg.example', 'borg.example:8000']) {
      expect(await statusOf(server, host, 'https://borg.example'), host).toBe(200)
    }
    for (const origin of ['http://borg.example', 'https://borg.example:8000', 'https://evil.example', 'null']) {
      expect(await statusOf(server, 'borg.example', origin), origin).toBe(403)
    }
  })

  it('should not be without TLS where a proxy of ours says that there is TLS', async () => {
    const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1' }))
    const tls = { host: '192.0.2.1', 'x-forwarded-proto': 'https' }
    expect((await post(server, { ...tls, origin: 'https://192.0.2.1' })).status).toBe(200)
    expect((await post(server, { ...tls, origin: 'http://192.0.2.1' })).status).toBe(403)
  })
})

describe('two servers on one host', () => {
  it('should not sign each other out', async () => {
    const [first, second] = [await listen(), await listen()]
    await setUp(first.client())
    await setUp(second.client())
    // Browsers send the cookies of a host to all of its ports.
    const [one, other] = [first.client(), second.client()]
    await signIn(one)
    await signIn(other)
    const cookie = `${one.cookie()}; ${other.cookie()}`
    const meOf = async (server: ListeningApp) => (await post(server, { cookie }, '{ me { username } }')).text
    expect(await meOf(first)).toContain('ada')
    expect(await meOf(second)).toContain('ada')
    const gone = await post(first, { cookie }, 'mutation { signOut }')
    const { port } = new URL(first.url)
    expect(gone.headers['set-cookie']).toEqual([expect.stringMatching(`^borgitory_session_${port}=; Max-Age=0;`)])
    expect(await meOf(second)).toContain('ada')
  })

  it('should have names for their cookies by the ports that the browser sees', async () => {
    const server = await listen({}, reachedBy({ PUBLIC_URL: 'http://nas.example' }))
    await setUp(server.client())
    const nameFor = async (host: string) => {
      const answer = await post(server, { host }, signInDocument, { input: administrator })
      return answer.headers['set-cookie']?.map((cookie) => cookie.split('=')[0])
    }
    expect(await nameFor('localhost:8001')).toEqual(['borgitory_session_8001', 'borgitory_device_8001'])
    expect(await nameFor('localhost')).toEqual(['borgitory_session_80', 'borgitory_device_80'])
    expect(await nameFor('nas.example:9999')).toEqual(['borgitory_session_80', 'borgitory_device_80'])
  })
})

it('should keep a browser signed in, and let it sign in again, whatever strangers guess', async () => {
  const server = await listen({}, reachedBy({ TRUSTED_PROXIES: '127.0.0.1' }))
  const owner = server.client()
  await setUp(owner)
  await owner.query('mutation { signOut }')
  for (let guess = 0; guess < 12; guess++) {
    await post(server, { 'x-forwarded-for': `192.0.2.${guess}` }, signInDocument, { input: wrong })
  }
  const stranger = await post(server, { 'x-forwarded-for': '198.51.100.1' }, signInDocument, { input: administrator })
  expect(stranger.text).toContain('TooManyAttempts')
  await signIn(owner)
  expect(await owner.query('{ me { username } }')).toEqual({ me: { username: 'ada' } })
})
