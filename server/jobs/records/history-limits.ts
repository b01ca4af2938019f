import { z } from 'zod'
import type { App } from '../../app.ts'
import type { Database } from '../../database/client.ts'
import { validated } from '../../problems.ts'

/** What is kept of jobs that have ended; null stands for no limit. */
export interface HistoryLimits {
  /** Days that jobs are kept after their end. */
  readonly historyDays: number | null
  /** Jobs that are kept. */
  readonly historyJobs: number | null
  /** Bytes that the output of all tasks may take in the records. */
  readonly outputBytes: bigint | null
}

const columns = { historyDays: true, historyJobs: true, outputBytes: true } as const

/** What holds before the first change; the defaults of the columns. */
const initial: HistoryLimits = { historyDays: 365, historyJobs: 100_000, outputBytes: 1_073_741_824n }

/** The limits that hold now. */
export const readHistoryLimits = async (db: Database): Promise<HistoryLimits> =>
  (await db.settings.findUnique({ where: { id: 1 }, select: columns })) ?? initial

/** The id that is announced of what there is one of only. */
export const theHistory = 'history'

const limitsInput = z.object({
  days: z.int().min(1, 'must be 1 or more').max(36_500, 'must be 36,500 or less').nullish(),
  jobs: z.int().min(100, 'must be 100 or more').max(10_000_000, 'must be 10,000,000 or less').nullish(),
  outputBytes: z.bigint().min(1_048_576n, 'must be 1,048,576 (1 MiB) or more').nullish(),
})

/** Changes the limits that are given, and has removed what is over them. Throws `InvalidInput`. */
export const updateHistory = async (
  { db, events, history }: Pick<App, 'db' | 'events' | 'history'>,
  input: unknown,
): Promise<HistoryLimits> => {
  const { days, jobs, outputBytes } = validated(limitsInput, input)
  const changes = {
    ...(days !== undefined && { historyDays: days }),
    ...(jobs !== undefined && { historyJobs: jobs }),
    ...(outputBytes !== undefined && { outputBytes }),
  }
  const limits = await db.settings.upsert({ where: { id: 1 }, create: changes, update: changes, select: columns })
  events.publish('history:changed', theHistory)
  void history.tidy()
  return limits
}
