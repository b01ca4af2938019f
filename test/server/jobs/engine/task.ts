import type { Database } from '../../../../server/database/client.ts'

/** A record of a running job with one task. */
export const createTask = async (db: Database): Promise<{ jobId: string; taskId: string }> => {
  const { id: jobId, tasks } = await db.job.create({
    data: {
      kind: 'BACKUP',
      state: 'RUNNING',
      repositoryName: 'documents',
      settings: {},
      tasks: { create: { kind: 'BACKUP', position: 0, state: 'RUNNING', startedAt: new Date() } },
    },
    include: { tasks: true },
  })
  return { jobId, taskId: tasks[0]?.id ?? '' }
}
