import type { IncomingMessage } from 'node:http'
import { CloseCode, MessageType, makeServer, parseMessage, type ServerOptions } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Log } from '../log.ts'

/** Where an operation came in. */
export interface Connection {
  readonly socket: WebSocket
  readonly request: IncomingMessage
}

/** Types of messages that only a server sends. */
const serversOwn: readonly MessageType[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error]

const isServersOwn = (text: string): boolean => {
  try {
    return serversOwn.includes(parseMessage(text).type)
  } catch {
    // graphql-ws closes the socket for it.
    return false
  }
}

export interface ProtocolOptions extends ServerOptions<Record<string, never>, Connection> {
  readonly log: Log
  /** Milliseconds between two pings. A peer that does not answer one until the next is gone. */
  readonly pingInterval: number
}

/**
 * Speaks `graphql-transport-ws` on sockets that were accepted: what `graphql-ws/use/ws` does, but what goes wrong goes to
 * our log, as a peer’s fault where it is one.
 */
export const createProtocol = ({ log, pingInterval, ...options }: ProtocolOptions) => {
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
        onMessage: (handle) =>
          socket.on('message', async (data) => {
            const text = String(data)
            if (isServersOwn(text)) return socket.close(CloseCode.BadRequest, 'Only servers send such a message')
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
