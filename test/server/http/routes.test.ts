import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, type RequestOptions, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { root } from '../../../server/setup/programs.mjs'
import { administrator, setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'
import { setupToken } from '../../support/server-process.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const navigation = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }

const clientPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const buildWeb = () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Borgitory</title>')
  writeFileSync(join(folder, 'assets/app-1a2b3c.js'), 'console.info(1)')
  writeFileSync(join(folder, 'assets/app-1a2b3c.js.gz'), gzipSync('console.info(1)'))
  writeFileSync(join(folder, '.hidden'), 'hidden')
  return folder
}

/** Asks for a path as it is; `fetch` would tidy it up. */
const getRaw = async (url: string, path: string) => {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  return text(socket)
}

describe('every answer', () => {
  it.each([
    ['/', 200],
    ['/sign-in', 200],
    ['/assets/app-1a2b3c.js', 200],
    ['/nothing.js', 200],
    ['/healthz', 200],
    ['/readyz', 200],
    ['/graphql', 302],
  ])('should have the headers that keep browsers safe: %s', async (path, status) => {
    const client = (await listen({ webFolder: buildWeb() })).client()
    const response = await client.fetch(path, navigation)
    expect(response.status).toBe(status)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-security-policy': clientPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(response.headers.has('strict-transport-security')).toBe(false)
    expect(response.headers.has('x-powered-by')).toBe(false)
  })

  it('should have them for operations and errors, too', async () => {
    const client = (await listen()).client()
    for (const { headers } of [
      await client.request('{ isSetUp }'),
      await client.fetch('/graphql', { method: 'POST' }),
      await client.fetch('/nothing', { method: 'DELETE' }),
    ]) {
      expect(headers.get('content-security-policy')).toBe(clientPolicy)
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('without a session', () => {
  it.each([
    '/download',
    '/download/1',
    '/metrics',
    '/secret.key',
    '/borgitory.sqlite',
    '/.hidden',
    '/graphql/',
    '/graphiql',
    '/health',
  ])('should find nothing at %s', async (path) => {
    const client = (await listen({ webFolder: buildWeb() })).client()
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await client.fetch(path, { method })
      expect([404, 405], method).toContain(response.status)
      expect(await response.text()).toMatch(/^(Not found|Method not allowed)\.\n$/)
    }
  })

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/assets/../../x',
    '/%',
    '*',
  ])('should not leave the web client by %s', async (path) => {
    const { url } = await listen({ webFolder: buildWeb() })
    expect(await getRaw(url, path)).toMatch(/^HTTP\/1\.1 404 /)
  })

  it('should say little about health', async () => {
    const server = await listen()
    const client = server.client()
    expect(await (await client.fetch('/healthz')).text()).toBe('ok\n')
    expect(await (await client.fetch('/readyz')).text()).toBe('ok\n')
  })

  it('should not be ready without records', async () => {
    const server = await listen({}, () => ({
      db: { $queryRaw: () => Promise.reject(new Error('canary')) } as never,
    }))
    const response = await server.client().fetch('/readyz')
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('not ready\n')
    expect((await server.client().fetch('/healthz')).status).toBe(200)
  })
})

it('should take a client that goes away in the middle for nothing special', async () => {
  const server = await listen()
  const { hostname, port, host } = new URL(server.url)
  const gone = connect(Number(port), hostname)
  const headers = `Host: ${host}\r\nContent-Type: application/json\r\nX-Borgitory: 1\r\nContent-Length: 1000\r\n`
  const isClosed = Promise.withResolvers<void>()
  server.server.on('connection', (socket) => socket.once('close', () => isClosed.resolve()))
  gone.write(`POST /graphql HTTP/1.1\r\n${headers}\r\n{"query":`)
  server.server.once('request', () => setImmediate(() => gone.destroy()))
  await isClosed.promise
  await server.close()
  expect(server.log()).not.toContain('unexpected error')
})

describe('web client', () => {
  it('should keep what is named by its content for good, and ask for the rest each time', async () => {
    const client = (await listen({ webFolder: buildWeb() })).client()
    const script = await client.fetch('/assets/app-1a2b3c.js')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(script.headers.get('content-type')).toMatch(/javascript/)
    expect(script.headers.get('content-encoding')).toBe('gzip')
    expect(await script.text()).toBe('console.info(1)')
    const page = await client.fetch('/', navigation)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const again = await client.fetch('/', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('should get its page at each of its own addresses, for people alone', async () => {
    const client = (await listen({ webFolder: buildWeb() })).client()
    for (const path of ['/sign-in', '/repositories/1?tab=archives', '/set-up']) {
      const page = await client.fetch(path, navigation)
      expect(page.status).toBe(200)
      expect(page.headers.get('cache-control')).toBe('no-cache')
      expect(await page.text()).toContain('<title>Borgitory</title>')
      expect((await client.fetch(path)).status).toBe(404)
    }
    expect((await client.fetch('/sign-in', { ...navigation, method: 'POST' })).status).toBe(405)
  })

  it('should say so where it was not built', async () => {
    const client = (await listen({ webFolder: join(temporaryFolder(), 'nothing') })).client()
    const page = await client.fetch('/', navigation)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('was not built')
  })
})

describe('compression', () => {
  const raw = async (url: string, init: RequestOptions, body?: string) => {
    const sent = request(url, init).end(body)
    const [response]: IncomingMessage[] = await once(sent, 'response')
    if (response === undefined) throw new Error('no answer')
    return { headers: response.headers, body: await buffer(response) }
  }
  const decompress = { br: brotliDecompressSync, gzip: gunzipSync } as const

  it('should be that of the build, for whoever takes it', async () => {
    const { url } = await listen({ webFolder: join(root, 'web/dist') })
    const get = (path: string, encoding: string) => raw(`${url}${path}`, { headers: { 'accept-encoding': encoding } })
    const page = (await get('/', 'identity')).body.toString()
    const script = /<script type="module"[^>]* src="([^"]+)"/.exec(page)?.[1] ?? ''
    const plain = await get(script, 'identity')
    expect(plain.headers['content-encoding']).toBeUndefined()
    for (const [accepted, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, deflate', 'gzip'],
    ] as const) {
      const { headers, body } = await get(script, accepted)
      expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' })
      expect(Number(headers['content-length'])).toBe(body.length)
      expect(body.length).toBeLessThan(plain.body.length / 3)
      expect(decompress[encoding](body)).toEqual(plain.body)
    }
  })

  it('should be for answers of GraphQL that are worth it', async () => {
    const server = await listen()
    const client = server.client()
    await setUp(client)
    const ask = (query: string, encoding: string | undefined) =>
      raw(
        `${server.url}/graphql`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-borgitory': '1',
            cookie: client.cookie(),
            ...(encoding !== undefined && { 'accept-encoding': encoding }),
          },
        },
        JSON.stringify({ query }),
      )
    const types = '{ __schema { types { name description } } }'
    const plain = (await ask(types, undefined)).body
    expect(plain.length).toBeGreaterThan(10_000)
    for (const [accepted, encoding] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip;q=0.5, BR; q=0', 'gzip'],
      ['gzip', 'gzip'],
    ] as const) {
      const { headers, body } = await ask(types, accepted)
      expect(headers).toMatchObject({ 'content-encoding': encoding, vary: 'Accept-Encoding' })
      expect(Number(headers['content-length'])).toBe(body.length)
      expect(body.length).toBeLessThan(plain.length / 2)
      expect(decompress[encoding](body)).toEqual(plain)
    }
    for (const accepted of [undefined, '', 'identity', 'zstd, deflate', 'gzip;q=0', 'gzipped']) {
      const { headers, body } = await ask(types, accepted)
      expect(headers['content-encoding'], accepted).toBeUndefined()
      expect(headers.vary).toBe('Accept-Encoding')
      expect(body).toEqual(plain)
    }
    const small = await ask('{ isSetUp }', 'gzip, br')
    expect(small.headers['content-encoding']).toBeUndefined()
    expect(small.body.toString()).toBe('{"data":{"isSetUp":true}}')
  })

  it('should keep the cookies of an answer', async () => {
    const client = (await listen()).client()
    const aliases = Array.from({ length: 60 }, (_, number) => `isSetUpAsked${number}: __typename`).join(' ')
    const { headers } = await client.request(
      `mutation ($input: SetUpInput!) { setUp(input: $input) { __typename } ${aliases} }`,
      { input: { setupToken, ...administrator } },
    )
    expect(headers.get('content-encoding')).toBe('gzip')
    expect(headers.getSetCookie()).toHaveLength(2)
  })
})

describe('playground', () => {
  it('should send those who are not signed in to do that', async () => {
    const client = (await listen()).client()
    const response = await client.fetch('/graphql', navigation)
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/sign-in?to=/graphql')
  })

  it('should be one page whose policy lets nothing in from elsewhere, and no script but its own', async () => {
    const client = (await listen()).client()
    await setUp(client)
    const response = await client.fetch('/graphql', navigation)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(Number(response.headers.get('content-length'))).toBeLessThan(3_000_000)
    const page = await response.text()
    expect(page).toContain('"x-borgitory":"1"')
    expect(page).not.toMatch(/<script[^>]+src=|<link[^>]+href="http/)

    const policy = response.headers.get('content-security-policy') ?? ''
    const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script)
    expect(scripts).toHaveLength(1)
    const hash = createHash('sha256')
      .update(scripts[0] ?? '')
      .digest('base64')
    expect(policy).toContain(`script-src 'sha256-${hash}';`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)

    const etag = response.headers.get('etag') ?? ''
    const again = await client.fetch('/graphql', { headers: { ...navigation.headers, 'if-none-match': etag } })
    expect(again.status).toBe(304)
    const plain = await client.fetch('/graphql', { headers: { ...navigation.headers, 'accept-encoding': 'identity' } })
    expect(await plain.text()).toBe(page)
  })
})
