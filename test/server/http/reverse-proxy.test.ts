import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { createClient } from 'graphql-ws'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { administrator } from '../../support/api-client.ts'
import { freePort } from '../../support/ports.ts'
import { kinds, missingFor, publicName, startReverseProxy } from '../../support/reverse-proxy.ts'
import { startServer } from '../../support/server.ts'
import { setupToken } from '../../support/server-process.ts'
import { waitFor } from '../../support/wait-for.ts'

describe.each(kinds)('behind $name, as the README sets it up', (kind) => {
  it('should see who asks, keep its cookies to TLS, and carry WebSockets', async ({ skip }) => {
    const missing = missingFor(kind)
    skip(missing !== undefined, `${missing} is not installed`)

    const port = await freePort()
    const site = `https://${publicName}:${port}`
    const server = await startServer({ environment: { PUBLIC_URL: site, TRUSTED_PROXIES: '127.0.0.1' } })
    await expect.poll(server.output).toContain(`Set it up at ${site}/set-up#token=`)
    const ca = await startReverseProxy(kind, port, server.url)
    const tls = { ca, servername: publicName }
    const ownHost = new URL(site).host

    const send = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
      const options = { ...tls, method, port, path, headers: { host: ownHost, ...headers }, localAddress: '127.0.0.2' }
      const sent = request({ host: '127.0.0.1', agent: false, ...options }).end(body && JSON.stringify(body))
      const [response]: IncomingMessage[] = await once(sent, 'response')
      if (response === undefined) throw new Error('no answer')
      return { status: response.statusCode, headers: response.headers, text: await text(response) }
    }
    const json = { 'content-type': 'application/json', 'x-borgitory': '1', origin: site }
    const post = (headers: Record<string, string>, query: string, variables = {}) =>
      send('POST', '/graphql', { ...json, ...headers }, { query, variables })

    // Who says that they are somebody else, or under another name, is not believed.
    const forged = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' }
    const begun = await post(forged, 'mutation ($input: SetUpInput!) { setUp(input: $input) { __typename } }', {
      input: { setupToken, ...administrator },
    })
    expect(begun.text).toBe('{"data":{"setUp":{"__typename":"User"}}}')
    await expect.poll(server.output).toMatch(/"address":"127\.0\.0\.2".*"set up"/)
    expect(server.output()).not.toContain('203.0.113.9')
    const cookies = begun.headers['set-cookie'] ?? []
    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) expect(cookie).toMatch(new RegExp(`^__Host-borgitory_\\w+_${port}=.*; Secure`))
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ')

    expect((await post({ origin: 'https://evil.example' }, '{ isSetUp }')).status).toBe(403)
    expect((await post({ origin: `http://${ownHost}` }, '{ isSetUp }')).status).toBe(403)
    const rebound = await send('GET', '/', { host: 'evil.example', 'x-forwarded-host': ownHost })
    expect(rebound.text).not.toContain('<!doctype html>')
    const page = await send('GET', '/', { accept: 'text/html', 'x-forwarded-host': 'evil.example' })
    expect(page.text).toContain('<!doctype html>')

    class Socket extends WebSocket {
      constructor(_url: string, protocols: string) {
        const headers = { host: ownHost, cookie, origin: site }
        super(`wss://127.0.0.1:${port}/graphql`, protocols, { ...tls, headers })
      }
    }
    const client = createClient({ url: `${site}/graphql`, webSocketImpl: Socket, retryAttempts: 0 })
    const results = client.iterate<{ queueChanged: { __typename: string } }>({
      query: 'subscription { queueChanged { __typename } }',
    })
    await waitFor(results, ({ data }) => data?.queueChanged.__typename === 'Queue')
    await client.dispose()
  })
})
