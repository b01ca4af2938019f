import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../database/client.ts'
import type { Events } from '../../events.ts'
import { type LeaseClaim, leaseHolder, takeLease } from './claims.ts'
import type { Reason } from './dispatcher.ts'
import type { Transitions } from './transitions.ts'

/** The lease of a repository that one job has now and then while it runs. */
export interface JobLease {
  readonly isHeld: boolean
  /** Takes it, after having waited for those that are in the way; `stopped` where `signal` aborts before. */
  take(mode: LeaseClaim['mode'], signal: AbortSignal): Promise<'taken' | 'stopped'>
  /** Gives it back, where it is held, together with what is known of the tasks that had it. */
  release(): Promise<void>
}

interface JobLeaseOptions {
  readonly db: Database
  readonly events: Events
  readonly serverId: string
  readonly jobId: string
  /** Null where the repository was removed: the task says so. */
  readonly repositoryId: string | null
  /** What is still to be written of the tasks before. */
  readonly transitions: Transitions
  readonly isHeld: boolean
  /** Called with what the job has or waits for from now on; null for nothing. */
  readonly changed: (mode: LeaseClaim['mode'] | null) => void
  /** What the job waits for, in words that follow “Waits for”. */
  readonly sayWaiting: (reason: Reason) => Promise<string>
}

/** Milliseconds between two tries to take a lease that another job has. */
const interval = 500

export const createJobLease = (options: JobLeaseOptions): JobLease => {
  const { db, events, serverId, jobId, repositoryId, transitions, changed, sayWaiting } = options
  let { isHeld } = options
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
    get isHeld() {
      return isHeld
    },
    async take(mode, signal) {
      if (repositoryId === null) return 'taken'
      changed(mode)
      await transitions.write()
      const lease = { repositoryId, mode }
      while (!signal.aborted) {
        if ((await takeLease(db, lease, { jobId, serverId })) === 'taken') {
          isHeld = true
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
      if (!isHeld) return
      await transitions.write({ type: 'LEASE_RELEASED' })
      isHeld = false
      changed(null)
    },
  }
}
