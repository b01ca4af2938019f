import type { IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { type Edge, siteOf } from './peer.ts'

/** What a cookie carries the token of: a session, or a browser that somebody signed in from. */
export type CookieKind = 'session' | 'device'

const isSecure = ({ protocol }: URL) => protocol === 'https:'

/**
 * Browsers give all ports of a host the same cookies, so the port is in the name: two Borgitories on one host must not
 * sign each other out. Under TLS the prefix makes browsers refuse the cookie from anyone but this very host.
 */
const nameFor = (kind: CookieKind, site: URL) => {
  const port = site.port || (isSecure(site) ? '443' : '80')
  return `${isSecure(site) ? '__Host-' : ''}borgitory_${kind}_${port}`
}

/** The longest that browsers keep a cookie, in seconds. What it stands for ends on the server, which knows when it was used. */
const maxAge = 400 * 24 * 60 * 60

/** The token of a kind that a request carries. */
export const readCookie = (edge: Edge, request: IncomingMessage, kind: CookieKind): string | null =>
  parseCookie(request.headers.cookie ?? '')[nameFor(kind, siteOf(edge, request))] || null

/** The `Set-Cookie` header that answers a request: gives the browser a token, or takes it away with null. */
export const makeCookie = (edge: Edge, request: IncomingMessage, kind: CookieKind, token: string | null): string => {
  const site = siteOf(edge, request)
  return stringifySetCookie({
    name: nameFor(kind, site),
    value: token ?? '',
    maxAge: token === null ? 0 : maxAge,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(site),
  })
}
