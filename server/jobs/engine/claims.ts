import type { JobKind, LeaseMode, Prisma } from '../../../prisma/generated/client/client.ts'
import type { Database } from '../../database/client.ts'
import { waitingStates } from '../records/states.ts'

export interface Claim {
  readonly jobId: string
  readonly serverId: string
  /** The lease that it must have, and of which repository; null where it needs none. */
  readonly lease: { readonly repositoryId: string; readonly mode: LeaseMode } | null
}

const withTasks = {
  tasks: { orderBy: { position: 'asc' } },
} satisfies Prisma.JobInclude

/** A job with its tasks in order. */
export type ClaimedJob = Prisma.JobGetPayload<{ include: typeof withTasks }>

/** Rolls a claim back. */
class LeaseHeld extends Error {}

/** The lease of a repository that keeps a job from using it in this way. */
const findObstacle = (db: Pick<Database, 'lease'>, repositoryId: string, mode: LeaseMode) =>
  db.lease.findFirst({
    where: { repositoryId, ...(mode === 'READ' && { mode: 'WRITE' }) },
    select: { mode: true, job: { select: { kind: true } } },
  })

/**
 * Makes a job that waits a running one of this server, and takes the right to use its repository, both or neither.
 * However many try, one succeeds. The job as it is then; `gone` where it does not wait any more, `held` where the leases of
 * others keep it from the repository.
 */
export const claimJob = async (
  db: Database,
  { jobId, serverId, lease }: Claim,
): Promise<ClaimedJob | 'gone' | 'held'> => {
  try {
    return await db.$transaction(async (records) => {
      // First of all a write, so that whoever else tries waits until this is over.
      const waiting = { id: jobId, state: { in: [...waitingStates] } } satisfies Prisma.JobWhereInput
      const begun = { state: 'RUNNING', serverId, waitingFor: null, notBefore: null } as const
      const { count } = await records.job.updateMany({ where: waiting, data: begun })
      if (count === 0) return 'gone'
      if (lease !== null) {
        if (await findObstacle(records, lease.repositoryId, lease.mode)) throw new LeaseHeld()
        await records.lease.create({ data: { ...lease, jobId, serverId } })
      }
      const job = await records.job.findUniqueOrThrow({ where: { id: jobId }, include: withTasks })
      if (job.startedAt !== null) return job
      const startedAt = new Date()
      await records.job.update({ where: { id: jobId }, data: { startedAt }, select: { id: true } })
      return { ...job, startedAt }
    })
  } catch (error) {
    if (error instanceof LeaseHeld) return 'held'
    throw error
  }
}

/** What kind of job keeps others from using a repository in a way, and how it uses it; null where none does. */
export const leaseHolder = async (
  db: Database,
  repositoryId: string,
  mode: LeaseMode,
): Promise<{ readonly kind: JobKind; readonly mode: LeaseMode } | null> => {
  const lease = await findObstacle(db, repositoryId, mode)
  return lease?.job ? { kind: lease.job.kind, mode: lease.mode } : null
}
