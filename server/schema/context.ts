import type { Config } from '../config.ts'
import type { Database } from '../database/client.ts'
import type { Events } from '../events.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Log } from '../log.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Users, Viewer } from '../users/service.ts'

/** What the running server is made of; `main.ts` puts it together, resolvers and services are handed it. */
export interface App {
  readonly config: Config
  readonly log: Log
  readonly db: Database
  readonly events: Events
  readonly vault: Vault
  readonly users: Users
  readonly jobs: Jobs
}

/** What one GraphQL operation may use. */
export interface Context extends App {
  /** The person whose session the request carries; null without a valid one. */
  readonly viewer: Viewer | null
  /** Where the request came from: the peer's IP address. */
  readonly address: string
  /** Gives the browser a session, or takes it away with null. Does nothing over WebSocket. */
  readonly setSession: (token: string | null) => void
  /** The token of the session that the request carries, valid or not. */
  readonly sessionToken: string | null
}
