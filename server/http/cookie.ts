import type { IncomingMessage } from 'node:http'
import { parseCookie, stringifySetCookie } from 'cookie'
import { isSecure } from './peer.ts'

/** Under TLS the prefix makes browsers refuse the cookie from anyone but this very host. */
const nameFor = (request: IncomingMessage) => (isSecure(request) ? '__Host-borgitory_session' : 'borgitory_session')

/** The longest that browsers keep a cookie, in seconds. Sessions end on the server, which knows when they were used. */
const maxAge = 400 * 24 * 60 * 60

/** The session token that a request carries. */
export const readSessionCookie = (request: IncomingMessage): string | null =>
  parseCookie(request.headers.cookie ?? '')[nameFor(request)] || null

/** The `Set-Cookie` header that answers a request: gives it a session, or takes it away with null. */
export const sessionCookie = (request: IncomingMessage, token: string | null): string =>
  stringifySetCookie({
    name: nameFor(request),
    value: token ?? '',
    maxAge: token === null ? 0 : maxAge,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(request),
  })
