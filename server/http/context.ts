import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import type { Context } from '../schema/context.ts'
import { makeCookie, readCookie } from './cookie.ts'
import { addressOf } from './peer.ts'

/** The part of an operation's context that depends on the request. */
export type Caller = Omit<Context, keyof App>

/**
 * Says who sent a request or opened a WebSocket; asks the records, so that a session that has ended counts no more.
 * Cookies go with the answer; over a WebSocket there is none, and what the handshake's cookies are cannot be changed.
 */
export const identifyCaller = async (
  { users, config }: App,
  request: IncomingMessage,
  response: ServerResponse | null,
): Promise<Caller> => {
  const sessionToken = readCookie(config, request, 'session')
  return {
    viewer: await users.viewerOf(sessionToken),
    address: addressOf(config, request),
    sessionToken,
    deviceToken: readCookie(config, request, 'device'),
    setSession: (signedIn) => {
      const cookies = [makeCookie(config, request, 'session', signedIn?.token ?? null)]
      // Stays on sign-out: the browser is to be known when somebody signs in again.
      if (signedIn) cookies.push(makeCookie(config, request, 'device', signedIn.deviceToken))
      response?.setHeader('Set-Cookie', cookies)
    },
  }
}

/** What an operation may use, over HTTP and WebSocket alike. */
export const createContext = (app: App, caller: Caller): Context => ({ ...app, ...caller })
