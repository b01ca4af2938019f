import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { App } from '../app.ts'
import { apiError } from '../schema/errors.ts'
import { securityHeaders } from './answer.ts'
import { identifyCaller } from './context.ts'
import { createMask, logUnexpected, toldErrors } from './errors.ts'
import type { Graphql, Transport } from './graphql.ts'
import { isOwnHost } from './host.ts'
import { operationUnknown } from './operations.ts'
import { isOwnOrigin } from './origin.ts'
import { pathOf } from './path.ts'
import { createProtocol } from './protocol.ts'

/** One tab watches a handful of things; a program that watches more opens another socket. */
const maxSubscriptions = 200

/** Bytes. */
const maxMessage = 256 * 1024

/** Milliseconds. A peer that does not answer a ping until the next one is gone. */
const pingInterval = 15_000

/**
 * Milliseconds that a peer, who is signed in, has to say hello. Time in which the server itself is busy counts too, and ends
 * before what has come meanwhile is read: with the protocol's three seconds, a busy server turned those away who were in time.
 */
const helloWait = 30_000

/** Milliseconds that a peer has to close its side when the server stops. */
const closeGrace = 1_000

const refuse = (socket: Duplex, status: string) => {
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  // A peer that never closes its side would keep the socket for ever.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers.join('')}\r\n`)
}

/**
 * Lets signed-in people run operations over WebSocket at `/graphql`, by the protocol `graphql-transport-ws`. A socket
 * is closed when its session ends: at once on sign-out, within `sessionCheckInterval` milliseconds otherwise.
 */
export const acceptSockets = (server: Server, app: App, graphql: Graphql, sessionCheckInterval: number) => {
  const { config, users, log } = app
  const mask = createMask(log)
  // Not compressed: messages are small, and each socket would hold a compressor of hundreds of kB, 100 tabs tens of MB.
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessage,
    perMessageDeflate: false,
    handleProtocols,
  })
  acceptor.on('error', (error) => logUnexpected(log, error))
  const sessions = new Map<WebSocket, { readonly id: string; readonly token: string | null }>()
  const endSession = (socket: WebSocket) => socket.close(CloseCode.Unauthorized, 'Signed out')
  const operations = new WeakMap<ExecutionArgs, Pick<ReturnType<Graphql['getEnveloped']>, 'execute' | 'subscribe'>>()

  /** What clients are told of errors. */
  const tell = (errors: readonly GraphQLError[]) => toldErrors(errors).map((error) => error.toJSON())

  const speak = createProtocol({
    log,
    connectionInitWaitTimeout: helloWait,
    pingInterval,
    onSubscribe: async ({ extra, subscriptions }, _id, { query, variables, operationName }) => {
      if (Object.keys(subscriptions).length > maxSubscriptions) {
        const message = `A WebSocket carries ${maxSubscriptions} operations at once, not more.`
        return [apiError('TOO_MANY_OPERATIONS', message)]
      }
      try {
        const caller = await identifyCaller(app, extra.request, null)
        if (caller.viewer === null) {
          endSession(extra.socket)
          return [apiError('UNAUTHENTICATED', 'Sign in first.')]
        }
        const transport: Transport = { caller, isWebSocket: true }
        const operation = graphql.getEnveloped(transport)
        const document = operation.parse(query)
        const errors = operation.validate(operation.schema, document)
        if (errors.length > 0) return errors
        if (!getOperationAST(document, operationName)) return [operationUnknown()]
        const args: ExecutionArgs = {
          schema: operation.schema,
          document,
          operationName,
          variableValues: variables,
          contextValue: await operation.contextFactory(),
        }
        operations.set(args, operation)
        return args
      } catch (error) {
        return [mask(error)]
      }
    },
    execute: (args) => operations.get(args)?.execute(args),
    subscribe: async (args) => {
      try {
        return await operations.get(args)?.subscribe(args)
      } catch (error) {
        // Arguments that cannot be read; left to the protocol it would close the socket with all that it carries.
        return { errors: [mask(error)] }
      }
    },
    onNext: (_context, _id, _payload, _args, result) =>
      result.errors ? { ...result, errors: tell(result.errors) } : undefined,
    onError: (_context, _id, _payload, errors) => tell(errors),
  })

  const accept = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (pathOf(request) !== '/graphql') return refuse(socket, '404 Not Found')
    if (!isOwnHost(config, request)) return refuse(socket, '421 Misdirected Request')
    if (!isOwnOrigin(config, request)) return refuse(socket, '403 Forbidden')
    const { viewer, sessionToken } = await identifyCaller(app, request, null)
    if (!viewer) return refuse(socket, '401 Unauthorized')
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      sessions.set(accepted, { id: viewer.sessionId, token: sessionToken })
      accepted.once('close', () => sessions.delete(accepted))
      speak(accepted, request)
    })
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    accept(request, socket, head).catch((error) => {
      logUnexpected(log, error)
      refuse(socket, '500 Internal Server Error')
    })
  })

  const stopListening = users.onSignOut((sessionId) => {
    for (const [socket, { id }] of sessions) if (id === sessionId) endSession(socket)
  })

  const check = setInterval(async () => {
    for (const [socket, { token }] of sessions) {
      const viewer = await users.viewerOf(token).catch((error) => logUnexpected(log, error))
      if (viewer === null) endSession(socket)
    }
  }, sessionCheckInterval).unref()

  return {
    /** Ends every subscription and closes every socket. */
    close: async (): Promise<void> => {
      stopListening()
      clearInterval(check)
      const cut = setTimeout(() => {
        for (const socket of acceptor.clients) socket.terminate()
      }, closeGrace)
      for (const socket of acceptor.clients) socket.close(1001, 'Going away')
      await new Promise((resolve) => acceptor.close(resolve))
      clearTimeout(cut)
    },
  }
}
