import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Config } from '../config.ts'
import { isWithin } from '../ip-addresses.ts'

/** Where the server is reached and by whom, as the configuration says. */
export type Edge = Pick<Config, 'host' | 'publicUrl' | 'trustedProxies'>

/** What a proxy says of a request; undefined where none does that we trust. Only its own, last word is believed. */
const forwarded = ({ trustedProxies }: Edge, { socket, headers }: IncomingMessage, header: string) => {
  if (!isWithin(socket.remoteAddress ?? '', trustedProxies)) return undefined
  return headers[header]?.toString().split(',').at(-1)?.trim() || undefined
}

/** The IP address that a request came from: the nearest to us that is not one of our own proxies. */
export const addressOf = ({ trustedProxies }: Edge, { socket, headers }: IncomingMessage): string => {
  const hops = headers['x-forwarded-for']?.toString().split(',') ?? []
  let address = socket.remoteAddress ?? 'unknown'
  while (isWithin(address, trustedProxies)) {
    const hop = hops.pop()?.trim() ?? ''
    if (isIP(hop) === 0) break
    address = hop
  }
  return address
}

/** The `Host` that a proxy was asked for, where we trust it and it says so. */
export const forwardedHost = (edge: Edge, request: IncomingMessage): string | undefined =>
  forwarded(edge, request, 'x-forwarded-host')

/** The `Host` that the browser sent. */
export const hostOf = (edge: Edge, request: IncomingMessage): string =>
  forwardedHost(edge, request) ?? request.headers.host ?? ''

/** Whether the browser reached us, or the proxy before us, over TLS. Traefik says `wss` of a WebSocket. */
const isSecure = (edge: Edge, request: IncomingMessage) =>
  'encrypted' in request.socket || /^(?:https|wss)$/i.test(forwarded(edge, request, 'x-forwarded-proto') ?? '')

/** A name that no machine has (RFC 6761). */
const nowhere = new URL('http://host.invalid')

/** A scheme with a `Host` header as an address; `nowhere` where that says anything else than a name and a port. */
export const addressFrom = (protocol: string, host: string): URL => {
  const url = URL.parse(`${protocol}//${host}`)
  return url?.href === `${url?.origin}/` ? url : nowhere
}

/** Scheme, name and port that the browser has in its address bar, without a path. */
export const siteOf = (edge: Edge, request: IncomingMessage): URL => {
  const url = addressFrom(isSecure(edge, request) ? 'https:' : 'http:', hostOf(edge, request))
  return edge.publicUrl?.hostname === url.hostname ? edge.publicUrl : url
}
