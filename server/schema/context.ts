import type { App } from '../app.ts'
import type { SignedIn, Viewer } from '../users/service.ts'

/** What one GraphQL operation may use. */
export interface Context extends App {
  /** The person whose session the request carries; null without a valid one. */
  readonly viewer: Viewer | null
  /** Where the request came from: the IP address of the peer, or of who a proxy that we trust speaks for. */
  readonly address: string
  /** Gives the browser a session and has it known from now on, or takes the session away with null. Does nothing over WebSocket. */
  readonly setSession: (signedIn: Pick<SignedIn, 'token' | 'deviceToken'> | null) => void
  /** The token of the session that the request carries, valid or not. */
  readonly sessionToken: string | null
  /** The token by which the request's browser wants to be known, right or not. */
  readonly deviceToken: string | null
}

/** The id of the person who asks; `Mutation` lets nobody else in. */
export const userId = ({ viewer }: Context): string => {
  if (viewer === null) throw new Error('a mutation was reached without a session')
  return viewer.userId
}
