import type { JobKind, JobPriority, LeaseMode } from '../../../prisma/generated/client/client.ts'
import { type LeaseClaim, leasesBeside } from '../records/leases.ts'

/** A job that waits, as far as it matters for when it begins. Times in milliseconds since the epoch. */
export interface WaitingJob {
  readonly id: string
  readonly kind: JobKind
  /** Which limit counts it, besides that of all jobs. */
  readonly limit: 'concurrentBackups' | null
  readonly priority: JobPriority
  /** Which repository it uses first and how: alone, or beside others that read; null where it opens none. */
  readonly lease: LeaseClaim | null
  /** Whether it takes that lease when it begins; otherwise it does something else before. */
  readonly isLeasedAtOnce: boolean
  /** Not begun before; null for at once. */
  readonly notBefore: number | null
  /** When it has taken as long as it may, tries before counted in; null where it has not begun yet, or has no limit. */
  readonly deadline: number | null
  /** Whether somebody wants it to end, so that only what always runs is left of it. */
  readonly isCancelled: boolean
}

/** Its lease is what it has now, or waits for; null where it does neither. */
export type RunningJob = Pick<WaitingJob, 'kind' | 'limit' | 'lease'>

/** The lease of a repository that a job of another server has, and when to look again, in milliseconds since the epoch. */
export interface LeaseElsewhere {
  readonly kind: JobKind
  readonly mode: LeaseMode
  readonly until: number
}

/** All that the choice depends on. */
export interface Situation {
  readonly waiting: Iterable<WaitingJob>
  readonly running: Iterable<RunningJob>
  readonly limits: {
    readonly isPaused: boolean
    readonly concurrentJobs: number
    readonly concurrentBackups: number
  }
  /** For each repository a number that is the higher the later a job came to it; none where none did. Null: jobs on none. */
  readonly servedAt: ReadonlyMap<string | null, number>
  /** By repository. */
  readonly heldElsewhere: ReadonlyMap<string, LeaseElsewhere>
  readonly now: number
}

/** What a job waits for. */
export type Reason =
  | { readonly type: 'RESUMPTION' | 'NEXT_TRY' | 'PLACE' | 'BACKUP_PLACE' }
  | { readonly type: 'LEASE'; readonly holder: JobKind }

/** What becomes of the jobs that wait. */
export interface Choice<Job extends WaitingJob> {
  /** To be begun now, in this order. */
  readonly begin: readonly Job[]
  /** To be ended: all that is left of them is done now. These need neither a place nor the lease. */
  readonly end: readonly { readonly job: Job; readonly why: 'CANCELLED' | 'OVERDUE' }[]
  /** What the others wait for. */
  readonly reasons: ReadonlyMap<Job, Reason>
  /** When there is something to decide although nothing has happened; null for never. */
  readonly lookAgainAt: number | null
}

const rank: Record<JobPriority, number> = { HIGH: 0, NORMAL: 1, LOW: 2 }

const resumption: Reason = { type: 'RESUMPTION' }
const nextTry: Reason = { type: 'NEXT_TRY' }
const place: Reason = { type: 'PLACE' }
const backupPlace: Reason = { type: 'BACKUP_PLACE' }

const bears = (mode: LeaseMode, other: LeaseMode) => leasesBeside(mode).includes(other)

/** The repository that a job comes to first; null for none. */
export const firstRepository = ({ lease }: Pick<WaitingJob, 'lease'>): string | null => lease?.repositoryId ?? null

/** Who uses a repository. */
type Holder = Pick<LeaseElsewhere, 'kind' | 'mode'>

/**
 * Which jobs begin now: by priority, then those of the repository that was served longest ago, then the oldest. A job
 * that cannot begin holds up no other, but for one that waits to write to what others read: those that would come after it
 * do not join them, or it would wait for ever.
 */
export const chooseJobs = <Job extends WaitingJob>(
  situation: Situation & { readonly waiting: Iterable<Job> },
): Choice<Job> => {
  const { limits, servedAt, heldElsewhere, now } = situation
  const end: { job: Job; why: 'CANCELLED' | 'OVERDUE' }[] = []
  const open = new Set<Job>()
  for (const job of situation.waiting) {
    if (job.isCancelled) end.push({ job, why: 'CANCELLED' })
    else if (job.deadline !== null && job.deadline <= now) end.push({ job, why: 'OVERDUE' })
    else open.add(job)
  }

  const holders = new Map<string, Holder[]>()
  const hold = (repositoryId: string, holder: Holder) => {
    holders.set(repositoryId, [...(holders.get(repositoryId) ?? []), holder])
  }
  for (const [repositoryId, lease] of heldElsewhere) if (lease.until > now) hold(repositoryId, lease)
  let jobs = 0
  let backups = 0
  const count = ({ kind, limit, lease }: RunningJob) => {
    jobs += 1
    if (limit === 'concurrentBackups') backups += 1
    if (lease !== null) hold(lease.repositoryId, { kind, mode: lease.mode })
  }
  for (const running of situation.running) count(running)

  const servedNow = new Map<string | null, number>()
  const turnOf = (job: Job) => servedNow.get(firstRepository(job)) ?? servedAt.get(firstRepository(job)) ?? -1
  const goesBefore = (a: Job, b: Job) =>
    (rank[a.priority] - rank[b.priority] || turnOf(a) - turnOf(b) || (a.id < b.id ? -1 : 1)) < 0

  /** Of the jobs that wait for a repository and bear none of their own kind beside them the one that goes first. */
  const firstWriters = new Map<string, Job>()
  for (const job of open) {
    const { lease, notBefore } = job
    if (lease === null || bears(lease.mode, lease.mode) || (notBefore !== null && notBefore > now)) continue
    const first = firstWriters.get(lease.repositoryId)
    if (first === undefined || goesBefore(job, first)) firstWriters.set(lease.repositoryId, job)
  }

  const obstacleOf = (job: Job): JobKind | null => {
    const { lease } = job
    if (lease === null) return null
    const present = holders.get(lease.repositoryId) ?? []
    const holder = present.find(({ mode }) => !bears(lease.mode, mode))
    if (holder !== undefined) return holder.kind
    // One that could begin beside those that are there, and so would keep the writer waiting.
    const writer = present.length > 0 ? firstWriters.get(lease.repositoryId) : undefined
    return writer !== undefined && goesBefore(writer, job) ? writer.kind : null
  }

  const reasonOf = (job: Job): Reason | null => {
    const { limit, notBefore } = job
    if (limits.isPaused) return resumption
    if (notBefore !== null && notBefore > now) return nextTry
    if (jobs >= limits.concurrentJobs) return place
    if (limit === 'concurrentBackups' && backups >= limits.concurrentBackups) return backupPlace
    const holder = obstacleOf(job)
    return holder === null ? null : { type: 'LEASE', holder }
  }

  const begin: Job[] = []
  while (!limits.isPaused && jobs < limits.concurrentJobs) {
    let next: Job | undefined
    for (const job of open) if (reasonOf(job) === null && (next === undefined || goesBefore(job, next))) next = job
    if (next === undefined) break
    open.delete(next)
    begin.push(next)
    count({ ...next, lease: next.isLeasedAtOnce ? next.lease : null })
    servedNow.set(firstRepository(next), Number.MAX_SAFE_INTEGER - 1_000_000 + begin.length)
  }

  const reasons = new Map<Job, Reason>()
  const moments: number[] = []
  for (const job of open) {
    const reason = reasonOf(job)
    if (reason !== null) reasons.set(job, reason)
    if (job.notBefore !== null && job.notBefore > now) moments.push(job.notBefore)
    if (job.deadline !== null) moments.push(job.deadline)
    const until = job.lease === null ? undefined : heldElsewhere.get(job.lease.repositoryId)?.until
    if (until !== undefined && until > now) moments.push(until)
  }
  const lookAgainAt = moments.reduce<number | null>((first, at) => (first === null ? at : Math.min(first, at)), null)
  return { begin, end, reasons, lookAgainAt }
}
