import type { RunState } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { jobsWhere } from '../jobs/records/filter.ts'

/** One backup of a plan that has ended. */
export interface PlanRun {
  readonly jobId: string
  /** When it began, or ended where it never did. */
  readonly at: Date
  readonly state: RunState
  /** Seconds; null where it never began. */
  readonly duration: number | null
  /** Bytes; null where no archive was made. */
  readonly originalSize: bigint | null
  readonly deduplicatedSize: bigint | null
}

/** How the backups of a plan went lately. */
export interface PlanStatistics {
  readonly runCount: number
  readonly completedCount: number
  readonly warningCount: number
  readonly failedCount: number
  /** From 0 to 1; null without runs. */
  readonly successRate: number | null
  /** Seconds, of those among `runs` that did what they were for; null without any. */
  readonly medianDuration: number | null
  readonly averageDuration: number | null
  /** The newest ones, oldest first. */
  readonly runs: readonly PlanRun[]
}

/** The most runs that are told one by one. */
export const mostRuns = 1000

export const longestPeriod = 3650

const day = 86_400_000

/** States that a run of which something can be learnt ends in: one that a person cancelled tells nothing. */
const counted = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'FAILED', 'INTERRUPTED'] as const satisfies RunState[]

const successful: readonly RunState[] = ['COMPLETED', 'COMPLETED_WITH_WARNINGS']

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? null : Math.round((low + high) / 2)
}

const average = (values: readonly number[]): number | null =>
  values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)

/** How the backups of the last `days` days went, up to ten years. Those that were cancelled do not count. */
export const planStatistics = async (
  { db }: Pick<App, 'db'>,
  planId: string,
  days: number,
): Promise<PlanStatistics> => {
  const since = new Date(Date.now() - Math.min(Math.max(days, 1), longestPeriod) * day)
  const where = jobsWhere({ planId, kinds: ['BACKUP'], states: counted, createdFrom: since })
  const counts = await db.job.groupBy({ by: ['state'], where, _count: { _all: true } })
  const countOf = (...states: readonly RunState[]) =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { _count }) => sum + _count._all, 0)
  const jobs = await db.job.findMany({
    where,
    orderBy: { id: 'desc' },
    take: mostRuns,
    select: {
      ...{ id: true, state: true, createdAt: true, startedAt: true, finishedAt: true },
      tasks: {
        where: { kind: 'BACKUP', state: { in: [...successful] } },
        select: { originalSize: true, deduplicatedSize: true },
      },
    },
  })
  const runs = jobs.reverse().map(({ id, state, createdAt, startedAt, finishedAt, tasks: [backup] }): PlanRun => {
    return {
      jobId: id,
      at: startedAt ?? finishedAt ?? createdAt,
      state,
      duration: startedAt && finishedAt && Math.max(0, Math.round((finishedAt.getTime() - startedAt.getTime()) / 1000)),
      originalSize: backup?.originalSize ?? null,
      deduplicatedSize: backup?.deduplicatedSize ?? null,
    }
  })
  const durations = runs.flatMap(({ state, duration }) =>
    successful.includes(state) && duration !== null ? [duration] : [],
  )
  const runCount = countOf(...counted)
  return {
    runCount,
    completedCount: countOf('COMPLETED'),
    warningCount: countOf('COMPLETED_WITH_WARNINGS'),
    failedCount: countOf('FAILED', 'INTERRUPTED'),
    successRate: runCount === 0 ? null : countOf(...successful) / runCount,
    medianDuration: median(durations),
    averageDuration: average(durations),
    runs,
  }
}
