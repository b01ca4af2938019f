import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import type { LeaseClaim } from '../records/leases.ts'
import { leaseHolder, takeLease } from './claims.ts'
import type { Reason } from './dispatcher.ts'
import type { Transitions } from './transitions.ts'

/** The lease that one job has now and then while it runs, of one repository at a time. */
export interface JobLease {
  /** Of which repository it is held; null for none. */
  readonly repositoryId: string | null
  /** Takes it, after having waited for those that are in the way; `stopped` where `signal` aborts before. */
  take(lease: LeaseClaim, signal: AbortSignal): Promise<'taken' | 'stopped'>
  /** Gives it back, where it is held, together with what is known of the tasks that had it. */
  release(): Promise<void>
}

interface JobLeaseOptions {
  readonly db: Database
  readonly events: Events
  readonly serverId: string
  readonly jobId: string
  /** What is still to be written of the tasks before. */
  readonly transitions: Transitions
  /** What the job has already; null for nothing. */
  readonly held: LeaseClaim | null
  /** Called with what the job has or waits for from now on; null for nothing. */
  readonly changed: (lease: LeaseClaim | null) => void
  /** What the job waits for, in words that follow “Waits for”. */
  readonly sayWaiting: (reason: Reason) => Promise<string>
}

/** Milliseconds between two tries to take a lease that another job has. */
const interval = 500

export const createJobLease = (options: JobLeaseOptions): JobLease => {
  const { db, events, serverId, jobId, transitions, changed, sayWaiting } = options
  let repositoryId = options.held?.repositoryId ?? null
  let shown: string | null = null

  const show = async (waitingFor: string | null) => {
    if (waitingFor === shown) return
    shown = waitingFor
    await db.job.update({ where: { id: jobId }, data: { waitingFor }, select: { id: true } })
    events.publish('job:changed', jobId)
  }

  const showHolder = async (lease: LeaseClaim) => {
    const holder = await leaseHolder(db, lease)
    if (holder !== null) await show(await sayWaiting({ type: 'LEASE', holder: holder.kind }))
  }

  return {
    get repositoryId() {
      return repositoryId
    },
    async take(lease, signal) {
      changed(lease)
      await transitions.write()
      while (!signal.aborted) {
        if ((await takeLease(db, lease, { jobId, serverId })) === 'taken') {
          repositoryId = lease.repositoryId
          await show(null)
          return 'taken'
        }
        await showHolder(lease)
        await delay(interval, undefined, { signal }).catch(() => {})
      }
      await show(null)
      changed(null)
      return 'stopped'
    },
    async release() {
      if (repositoryId === null) return
      await transitions.write({ type: 'LEASE_RELEASED' })
      repositoryId = null
      changed(null)
    },
  }
}
