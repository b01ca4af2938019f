import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql'
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { App } from '../app.ts'
import { customerOf } from '../ip-addresses.ts'
import { apiError } from '../schema/errors.ts'
import { securityHeaders } from './answer.ts'
import { bearerFrom, bearerOf } from './bearer.ts'
import { identifyCaller } from './context.ts'
import { codeOf, createMask, logUnexpected, toldErrors } from './errors.ts'
import type { Graphql, Transport } from './graphql.ts'
import { isOwnHost } from './host.ts'
import { operationUnknown } from './operation-limits.ts'
import { isOwnOrigin } from './origin.ts'
import { pathOf } from './path.ts'
import { createProtocol } from './websocket-protocol.ts'

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

/** How many sockets one address may hold that have not said yet who they are. */
const mostStrangers = 20

/** Milliseconds that one of these has to say so. */
const strangersWait = 10_000

/** Milliseconds that a peer has to close its side when the server stops. */
const closeGrace = 1_000

const refuse = (socket: Duplex, status: string) => {
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  // A peer that never closes its side would keep the socket for ever.
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers.join('')}\r\n`)
}

/** The API token in the payload of `connection_init`, whatever the case of its name. */
const bearerIn = (payload: Readonly<Record<string, unknown>> | undefined): string | null => {
  const [, value] = Object.entries(payload ?? {}).find(([name]) => name.toLowerCase() === 'authorization') ?? []
  return bearerFrom(value)
}

const speaksProtocol = ({ headers }: IncomingMessage) =>
  (headers['sec-websocket-protocol'] ?? '').split(/ *, */).includes(GRAPHQL_TRANSPORT_WS_PROTOCOL)

/** Who is at the other end of a socket. */
interface Peer {
  readonly request: IncomingMessage
  readonly address: string
  /** The API token that was sent last; null where the cookies of the handshake tell. */
  bearer: string | null
  /** The session or the API token by which the peer is somebody; null where they have not said yet. */
  credentialId: string | null
}

const isNear = (one: Peer, other: Peer) => customerOf(one.address) === customerOf(other.address)

/**
 * Lets signed-in people, and programs with an API token, run operations over WebSocket at `/graphql`, by the protocol
 * `graphql-transport-ws`. A token comes with the upgrade or with the payload of `connection_init`, which goes before cookies.
 * A socket is closed when its session or its token ends: at once where somebody ends that, within `sessionCheckInterval`
 * milliseconds otherwise.
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
  const peers = new Map<WebSocket, Peer>()
  const endSession = (socket: WebSocket) => socket.close(CloseCode.Unauthorized, 'Signed out')
  /** Throws a `GraphQLError` where the API token is wrong. */
  const identify = ({ request, bearer }: Peer) => identifyCaller(app, request, null, bearer)
  const operations = new WeakMap<ExecutionArgs, Pick<ReturnType<Graphql['getEnveloped']>, 'execute' | 'subscribe'>>()

  /** What clients are told of errors. */
  const tell = (errors: readonly GraphQLError[]) => toldErrors(errors).map((error) => error.toJSON())

  const speak = createProtocol({
    log,
    connectionInitWaitTimeout: helloWait,
    pingInterval,
    isStranger: (socket) => peers.get(socket)?.credentialId === null,
    onConnect: async ({ extra: { socket }, connectionParams }) => {
      const peer = peers.get(socket)
      if (!peer) return false
      peer.bearer = bearerIn(connectionParams) ?? peer.bearer
      try {
        const { viewer } = await identify(peer)
        peer.credentialId = viewer?.credentialId ?? null
        if (viewer === null) socket.close(CloseCode.Unauthorized, 'Sign in first')
        return viewer !== null
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        socket.close(CloseCode.Unauthorized, error.message)
        return false
      }
    },
    onSubscribe: async ({ extra, subscriptions }, _id, { query, variables, operationName }) => {
      if (Object.keys(subscriptions).length > maxSubscriptions) {
        const message = `A WebSocket carries ${maxSubscriptions} operations at once, not more.`
        return [apiError('TOO_MANY_OPERATIONS', message)]
      }
      try {
        const peer = peers.get(extra.socket)
        const caller = peer && (await identify(peer))
        if (!caller?.viewer) {
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
    const bearer = bearerOf(request)
    if (bearer === null && !isOwnOrigin(config, request)) return refuse(socket, '403 Forbidden')
    const caller = await identifyCaller(app, request, null, bearer).catch((error: unknown) => {
      if (error instanceof GraphQLError) return codeOf(error)
      throw error
    })
    if (caller === 'TOO_MANY_ATTEMPTS') return refuse(socket, '429 Too Many Requests')
    if (typeof caller === 'string') return refuse(socket, '401 Unauthorized')
    const { viewer, address, sessionToken } = caller
    const peer: Peer = { request, address, bearer, credentialId: viewer?.credentialId ?? null }
    if (viewer === null) {
      // An API token may come with the first message of a program. Browsers, which name an origin, come with a session.
      const isProgram = sessionToken === null && request.headers.origin === undefined && speaksProtocol(request)
      if (!isProgram) return refuse(socket, '401 Unauthorized')
      const strangers = [...peers.values()].filter((other) => other.credentialId === null && isNear(other, peer))
      if (strangers.length >= mostStrangers) return refuse(socket, '429 Too Many Requests')
    }
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      peers.set(accepted, peer)
      const timer = setTimeout(() => {
        if (peer.credentialId === null) accepted.close(CloseCode.Unauthorized, 'Sign in first')
      }, strangersWait).unref()
      accepted.once('close', () => {
        clearTimeout(timer)
        peers.delete(accepted)
      })
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

  const stopListening = users.onSignOut((ended) => {
    for (const [socket, { credentialId }] of peers) if (credentialId === ended) endSession(socket)
  })

  const check = setInterval(async () => {
    for (const [socket, peer] of peers) {
      if (peer.credentialId === null) continue
      try {
        const { viewer } = await identify(peer)
        if (viewer === null) endSession(socket)
      } catch (error) {
        if (error instanceof GraphQLError) endSession(socket)
        else logUnexpected(log, error)
      }
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
