import type { IncomingMessage } from 'node:http'
import { CloseCode, MessageType, makeServer, parseMessage, type ServerOptions, stringifyMessage } from 'graphql-ws'
import type { RawData, WebSocket } from 'ws'
import type { Log } from '../log.ts'

/** Where an operation came in. */
export interface Connection {
  readonly socket: WebSocket
  readonly request: IncomingMessage
}

/** Types of messages that only a server sends. */
const serversOwn: readonly MessageType[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error]

/** Bytes of a message by somebody who has not said who they are: one with an API token has some hundred. */
const strangersMessage = 8 * 1024

/** Bytes that a peer has not read yet beyond which its pings are left unanswered: it would fill our memory. */
const mostUnread = 64 * 1024

const sizeOf = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength

/** Null for what is no message: graphql-ws closes the socket for it. */
const typeOf = (text: string): MessageType | null => {
  try {
    return parseMessage(text).type
  } catch {
    return null
  }
}

export interface ProtocolOptions extends ServerOptions<Record<string, never>, Connection> {
  readonly log: Log
  /** Milliseconds between two pings. A peer that does not answer one until the next is gone. */
  readonly pingInterval: number
  /** Whether the peer has not said yet who they are: they may do nothing else. */
  readonly isStranger: (socket: WebSocket) => boolean
}

/**
 * Speaks `graphql-transport-ws` on sockets that were accepted: what `graphql-ws/use/ws` does, but what goes wrong goes to
 * our log, as a peer’s fault where it is one.
 */
export const createProtocol = ({ log, pingInterval, isStranger, ...options }: ProtocolOptions) => {
  const server = makeServer<Record<string, never>, Connection>(options)
  return (socket: WebSocket, request: IncomingMessage): void => {
    // Such as a message that is too large: ws closes the socket itself.
    socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket was closed for what its peer sent'))

    let isAlive = true
    socket.on('pong', () => {
      isAlive = true
    })
    const pings = setInterval(() => {
      if (!isAlive) return socket.terminate()
      isAlive = false
      if (socket.readyState === socket.OPEN) socket.ping()
    }, pingInterval)

    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve()
            socket.send(text, (error) => (error ? reject(error) : resolve()))
          }),
        close: (code, reason) => socket.close(code, reason),
        // Not with what came along, which graphql-ws would send back.
        onPing: () => {
          if (socket.bufferedAmount < mostUnread) socket.send(stringifyMessage({ type: MessageType.Pong }))
        },
        onMessage: (handle) =>
          socket.on('message', async (data) => {
            const isByStranger = isStranger(socket)
            if (isByStranger && sizeOf(data) > strangersMessage) return socket.terminate()
            const text = String(data)
            const type = typeOf(text)
            if (isByStranger && type !== MessageType.ConnectionInit) {
              return socket.close(CloseCode.Unauthorized, 'Sign in first')
            }
            if (type !== null && serversOwn.includes(type)) {
              return socket.close(CloseCode.BadRequest, 'Only servers send such a message')
            }
            try {
              await handle(text)
            } catch (error) {
              log.error({ err: error }, 'a message on a WebSocket could not be handled')
              socket.close(CloseCode.InternalServerError, 'Internal server error')
            }
          }),
      },
      { socket, request },
    )
    socket.once('close', (code, reason) => {
      clearInterval(pings)
      closed(code, String(reason)).catch((error) => log.error({ err: error }, 'a subscription could not be ended'))
    })
  }
}
