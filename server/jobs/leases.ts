import { Prisma } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'

/** Takes the right to write to a repository; false where another job has it. */
export const takeLease = async (
  db: Database,
  lease: { repositoryId: string; jobId: string; serverId: string },
): Promise<boolean> => {
  try {
    await db.lease.create({ data: lease })
    return true
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') return false
    throw error
  }
}

/** Gives the right back. */
export const releaseLease = async (db: Database, jobId: string): Promise<void> => {
  await db.lease.deleteMany({ where: { jobId } })
}

/** The job that may write to a repository now; null where none does. */
export const leaseHolder = (db: Database, repositoryId: string) =>
  db.lease.findUnique({ where: { repositoryId }, select: { job: { select: { id: true, kind: true } } } })
