import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { App } from '../app.ts'
import { answerText, securityHeaders } from './answer.ts'
import { logUnexpected } from './errors.ts'
import { answerGraphql, createGraphql } from './graphql.ts'
import { answerHealth, answerReadiness } from './health.ts'
import { isOwnHost, refuseHost } from './host.ts'
import { pathOf } from './path.ts'
import { createProxyHint } from './proxy-hint.ts'
import { createWeb } from './web.ts'
import { acceptSockets } from './websocket.ts'

export interface HttpOptions {
  /** The folder with the built web client. */
  readonly webFolder?: string
  /** How often open WebSockets are checked for a session that has expired, in milliseconds. */
  readonly sessionCheckInterval?: number
}

export interface HttpServer {
  /** Does not listen yet. */
  readonly server: Server
  /** Stops listening and closes every connection. */
  close(): Promise<void>
}

const builtWebFolder = fileURLToPath(new URL('../../web/dist', import.meta.url))

/**
 * Milliseconds after which a connection that is not used is closed. Longer than clients and proxies keep theirs, so that no
 * request is sent into one that is just being closed.
 */
const keepAliveTimeout = 75_000

/** Milliseconds that open requests have to finish when the server stops. */
const closeGrace = 2_000

/** The one server: GraphQL over HTTP and WebSocket, the playground, health and the web client. */
export const createHttpServer = (
  app: App,
  { webFolder = builtWebFolder, sessionCheckInterval = 60_000 }: HttpOptions = {},
): HttpServer => {
  const graphql = createGraphql(app)
  const answerWeb = createWeb(webFolder)
  const hint = createProxyHint(app)

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request)
    // Whoever watches the server asks by whatever name it has there, and learns nothing else.
    if (path === '/healthz') return answerHealth(response)
    if (path === '/readyz') return answerReadiness(app, response)
    if (!isOwnHost(app.config, request)) return refuseHost(response)
    hint(request)
    if (path === '/graphql') return answerGraphql(app, graphql, request, response)
    return answerWeb(request, response)
  }

  const server = createServer({ requestTimeout: 60_000, keepAliveTimeout }, (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    answer(request, response).catch((error) => {
      const message = logUnexpected(app.log, error)
      if (response.headersSent) response.destroy()
      else answerText(response, 500, message)
    })
  })
  const sockets = acceptSockets(server, app, graphql, sessionCheckInterval)

  return {
    server,
    close: async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      const cut = setTimeout(() => server.closeAllConnections(), closeGrace)
      await sockets.close()
      await promise
      clearTimeout(cut)
    },
  }
}
