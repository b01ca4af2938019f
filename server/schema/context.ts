import type { App } from '../app.ts'
import type { Viewer } from '../users/rights.ts'
import type { SignedIn } from '../users/service.ts'

/** What one GraphQL operation may use. */
export interface Context extends App {
  /** The person whose session or API token the request carries; null without a valid one. */
  readonly viewer: Viewer | null
  /** Where the request came from: the IP address of the peer, or of who a proxy that we trust speaks for. */
  readonly address: string
  /**
   * Gives the browser a session and has it known from now on, or takes the session away with null. Does nothing over
   * WebSocket and with an API token.
   */
  readonly setSession: (signedIn: Pick<SignedIn, 'token' | 'deviceToken'> | null) => void
  /** The token of the session that the request carries, valid or not; null with an API token, as `deviceToken` is. */
  readonly sessionToken: string | null
  /** The token by which the request's browser wants to be known, right or not. */
  readonly deviceToken: string | null
}

/** Who asks, where the field lets nobody else in. */
export const viewerOf = ({ viewer }: Pick<Context, 'viewer'>): Viewer => {
  if (viewer === null) throw new Error('a mutation was reached by a stranger')
  return viewer
}

/** The id of the person who asks; `Mutation` lets nobody else in. */
export const userId = (context: Context): string => viewerOf(context).userId
