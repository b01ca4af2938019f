import type { Database } from '../database/client.ts'

/** Milliseconds in which a job that may begin is taken up, unless its trigger was lost. */
const enough = 10_000

/**
 * The jobs that could be begun and that nobody took up: they were written down while the queue could not be told, or their
 * trigger was lost in it. The rows of the jobs are the truth; a trigger that comes twice does nothing.
 */
export const findLeftJobs = async (db: Database, now: Date): Promise<readonly string[]> => {
  const before = new Date(now.getTime() - enough)
  const left = await db.job.findMany({
    where: {
      OR: [
        { state: 'PENDING', createdAt: { lt: before } },
        { state: 'QUEUED', notBefore: { lt: before } },
      ],
    },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return left.map(({ id }) => id)
}
