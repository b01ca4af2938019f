import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import type { Context } from '../schema/context.ts'
import { apiError } from '../schema/errors.ts'
import { ApiTokenWrong, TooManyAttempts } from '../users/problems.ts'
import { bearerOf } from './bearer.ts'
import { makeCookie, readCookie } from './cookie.ts'
import { addressOf } from './peer.ts'

/** The part of an operation's context that depends on the request. */
export type Caller = Omit<Context, keyof App>

/** With an API token no cookie is read or set. Throws a `GraphQLError` that people may see. */
const identifyProgram = async ({ users, config }: App, request: IncomingMessage, token: string): Promise<Caller> => {
  const address = addressOf(config, request)
  const viewer = await users.apiTokens.viewerOf(token, address).catch((error: unknown) => {
    if (error instanceof ApiTokenWrong) throw apiError('UNAUTHENTICATED', error.message)
    if (error instanceof TooManyAttempts) throw apiError('TOO_MANY_ATTEMPTS', error.message)
    throw error
  })
  return { viewer, address, sessionToken: null, deviceToken: null, setSession: () => {} }
}

/**
 * Says who sent a request or opened a WebSocket; asks the records, so that a session or an API token that has ended counts
 * no more. Cookies go with the answer; over a WebSocket there is none, and what the handshake's cookies are cannot be
 * changed. `bearer` is the API token that it came with. Throws a `GraphQLError` that people may see, where that is wrong.
 */
export const identifyCaller = async (
  app: App,
  request: IncomingMessage,
  response: ServerResponse | null,
  bearer = bearerOf(request),
): Promise<Caller> => {
  if (bearer !== null) return identifyProgram(app, request, bearer)
  const { users, config } = app
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
