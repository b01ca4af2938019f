import { type JobKind, Prisma } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'
import { waitingStates } from './states.ts'

export interface Claim {
  readonly jobId: string
  readonly serverId: string
  /** The repository that it must have the lease of; null where it needs none. */
  readonly leaseOf: string | null
}

const withTasks = {
  tasks: { orderBy: { position: 'asc' } },
} satisfies Prisma.JobInclude

/** A job with its tasks in order. */
export type ClaimedJob = Prisma.JobGetPayload<{ include: typeof withTasks }>

/**
 * Makes a job that waits a running one of this server, and takes the right to write to its repository, both or neither.
 * However many try, one succeeds. The job as it is then; `gone` where it does not wait any more, `held` where another job
 * has the lease.
 */
export const claimJob = async (
  db: Database,
  { jobId, serverId, leaseOf }: Claim,
): Promise<ClaimedJob | 'gone' | 'held'> => {
  try {
    return await db.$transaction(async (records) => {
      const waiting = { id: jobId, state: { in: [...waitingStates] } } satisfies Prisma.JobWhereInput
      const begun = { state: 'RUNNING', serverId, waitingFor: null, notBefore: null } as const
      const { count } = await records.job.updateMany({ where: waiting, data: begun })
      if (count === 0) return 'gone'
      if (leaseOf !== null) await records.lease.create({ data: { repositoryId: leaseOf, jobId, serverId } })
      const job = await records.job.findUniqueOrThrow({ where: { id: jobId }, include: withTasks })
      if (job.startedAt !== null) return job
      const startedAt = new Date()
      await records.job.update({ where: { id: jobId }, data: { startedAt }, select: { id: true } })
      return { ...job, startedAt }
    })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return 'held'
    throw error
  }
}

/** What kind of job may write to a repository now; null where none does. */
export const leaseHolderKind = async (db: Database, repositoryId: string): Promise<JobKind | null> => {
  const lease = await db.lease.findUnique({ where: { repositoryId }, select: { job: { select: { kind: true } } } })
  return lease?.job.kind ?? null
}
