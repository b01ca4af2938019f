import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const loopback = /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/

/** What a proxy says of whom it speaks for. Only one on this machine is believed, and only its own, last word. */
const forwarded = ({ socket, headers }: IncomingMessage, header: string): string | undefined => {
  if (!loopback.test(socket.remoteAddress ?? '')) return undefined
  return headers[header]?.toString().split(',').at(-1)?.trim()
}

/** The IP address that a request came from. */
export const addressOf = (request: IncomingMessage): string => {
  const address = forwarded(request, 'x-forwarded-for')
  return address && isIP(address) ? address : (request.socket.remoteAddress ?? 'unknown')
}

/** Whether the browser reached us, or the proxy before us, over TLS. */
export const isSecure = (request: IncomingMessage): boolean =>
  'encrypted' in request.socket || forwarded(request, 'x-forwarded-proto') === 'https'
