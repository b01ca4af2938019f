import type { IncomingMessage } from 'node:http'
import { addressFrom, type Edge, hostOf, siteOf } from './peer.ts'

/**
 * Whether a request comes from a page of our own, or from a program that is no browser. Browsers send `Origin` with
 * every WebSocket and POST, and `Sec-Fetch-Site` with everything where they know us as secure; pages cannot change them.
 */
export const isOwnOrigin = (edge: Edge, request: IncomingMessage): boolean => {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  if (origin === undefined) return true
  const page = URL.parse(origin)
  if (page === null) return false
  if (page.origin === edge.publicUrl?.origin) return true
  const own = siteOf(edge, request)
  if (own === edge.publicUrl || (own.protocol === 'https:' && page.protocol !== 'https:')) return false
  // By the scheme of the page: a proxy that nobody told us to trust may have taken TLS away, and the port with it.
  return page.host === addressFrom(page.protocol, hostOf(edge, request)).host
}
