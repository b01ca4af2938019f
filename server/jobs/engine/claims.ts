import type { JobKind, LeaseMode, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import { type LeaseClaim, leasesBeside } from '../records/leases.ts'
import { waitingStates } from '../records/states.ts'

export interface Claim {
  readonly jobId: string
  readonly serverId: string
  /** The lease that it must have, and of which repository; null where it needs none. */
  readonly lease: LeaseClaim | null
}

const withTasks = {
  tasks: { orderBy: { position: 'asc' } },
} satisfies Prisma.JobInclude

/** A job with its tasks in order. */
export type ClaimedJob = Prisma.JobGetPayload<{ include: typeof withTasks }>

/** Rolls a claim back. */
class LeaseHeld extends Error {}

/** The lease of a repository that keeps a job from using it in this way. */
const findObstacle = (db: Pick<Database, 'lease'>, { repositoryId, mode }: LeaseClaim) =>
  db.lease.findFirst({
    where: { repositoryId, mode: { notIn: [...leasesBeside(mode)] } },
    select: { mode: true, job: { select: { kind: true } } },
  })

/** Takes a lease within a transaction, or throws `LeaseHeld`. */
const take = async (
  records: Prisma.TransactionClient,
  lease: LeaseClaim,
  holder: Pick<Claim, 'jobId' | 'serverId'>,
): Promise<void> => {
  // First of all a write to what is claimed, so that whoever else tries waits until this is over.
  await records.repository.updateMany({ where: { id: lease.repositoryId }, data: { id: lease.repositoryId } })
  if (await findObstacle(records, lease)) throw new LeaseHeld()
  await records.lease.create({ data: { ...lease, ...holder }, select: { jobId: true } })
}

const orHeld = (error: unknown): 'held' => {
  if (error instanceof LeaseHeld) return 'held'
  throw error
}

/**
 * Makes a job that waits a running one of this server, and takes the right to use its repository, both or neither.
 * However many try, one succeeds. The job as it is then; `gone` where it does not wait any more, `held` where the leases of
 * others keep it from the repository.
 */
export const claimJob = (db: Database, { jobId, serverId, lease }: Claim): Promise<ClaimedJob | 'gone' | 'held'> =>
  db
    .$transaction(async (records): Promise<ClaimedJob | 'gone'> => {
      // First of all a write, so that whoever else tries waits until this is over.
      const waiting = { id: jobId, state: { in: [...waitingStates] } } satisfies Prisma.JobWhereInput
      const begun = { state: 'RUNNING', serverId, waitingFor: null, notBefore: null } as const
      const { count } = await records.job.updateMany({ where: waiting, data: begun })
      if (count === 0) return 'gone'
      if (lease !== null) await take(records, lease, { jobId, serverId })
      const job = await records.job.findUniqueOrThrow({ where: { id: jobId }, include: withTasks })
      if (job.startedAt !== null) return job
      const startedAt = new Date()
      await records.job.update({ where: { id: jobId }, data: { startedAt }, select: { id: true } })
      return { ...job, startedAt }
    })
    .catch(orHeld)

/** Takes the right to use a repository for a job that runs; `held` where the leases of others keep it from it. */
export const takeLease = (
  db: Database,
  lease: LeaseClaim,
  holder: Pick<Claim, 'jobId' | 'serverId'>,
): Promise<'taken' | 'held'> =>
  db
    .$transaction(async (records) => {
      await take(records, lease, holder)
      return 'taken' as const
    })
    .catch(orHeld)

/** What kind of job keeps others from a lease, and how it uses the repository; null where none does. */
export const leaseHolder = async (
  db: Database,
  lease: LeaseClaim,
): Promise<{ readonly kind: JobKind; readonly mode: LeaseMode } | null> => {
  const obstacle = await findObstacle(db, lease)
  return obstacle && { kind: obstacle.job.kind, mode: obstacle.mode }
}
