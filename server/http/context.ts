import type { IncomingMessage } from 'node:http'
import type { App } from '../app.ts'
import type { Context } from '../schema/context.ts'
import { readSessionCookie } from './cookie.ts'
import { addressOf } from './peer.ts'

/** The part of an operation's context that depends on the request. */
export type Caller = Omit<Context, keyof App>

/** Says who sent a request or opened a WebSocket; asks the records, so that a session that has ended counts no more. */
export const identifyCaller = async (
  { users }: App,
  request: IncomingMessage,
  setSession: Caller['setSession'],
): Promise<Caller> => {
  const sessionToken = readSessionCookie(request)
  return { viewer: await users.viewerOf(sessionToken), address: addressOf(request), setSession, sessionToken }
}

/** What an operation may use, over HTTP and WebSocket alike. */
export const createContext = (app: App, caller: Caller): Context => ({ ...app, ...caller })
