import type { Config } from './config.ts'
import type { Database } from './database/client.ts'
import type { Events } from './events.ts'
import type { Jobs } from './jobs/engine/jobs.ts'
import type { jobKinds } from './jobs/kinds/index.ts'
import type { History } from './jobs/records/history.ts'
import type { TaskKinds } from './jobs/records/kind-definition.ts'
import type { Log } from './log.ts'
import type { Clock } from './schedules/clock.ts'
import type { Vault } from './secrets/vault.ts'
import type { Users } from './users/service.ts'

/** What the running server is made of; `main.ts` puts it together, and what works with it is handed it. */
export interface App {
  readonly config: Config
  readonly log: Log
  readonly db: Database
  readonly events: Events
  readonly vault: Vault
  readonly users: Users
  /** All kinds of jobs and tasks. */
  readonly kinds: { readonly jobs: typeof jobKinds; readonly tasks: TaskKinds }
  readonly jobs: Jobs
  readonly history: History
  readonly clock: Clock
}
