/** What is to be kept; null stands for no limit. */
export interface Limits {
  readonly days: number | null
  readonly jobs: number | null
  readonly outputBytes: number | null
}

/** What there is now. `olderJobs`: those that are older than the days that are to be kept. */
export interface Stored {
  readonly jobCount: number
  readonly storedOutputBytes: number
  readonly olderJobs: number
}

/** Whether limits let less be kept than others do. */
export const isStricter = (limits: Limits, than: Limits) =>
  (['days', 'jobs', 'outputBytes'] as const).some((name) => {
    const before = than[name]
    const after = limits[name]
    return after !== null && (before === null || after < before)
  })

/** How much is over the limits: jobs, and bytes of output of the others. Nearly: newest backups always stay. */
export const findRemoval = (limits: Limits, stored: Stored) => {
  const jobs = Math.max(
    limits.days === null ? 0 : stored.olderJobs,
    limits.jobs === null ? 0 : stored.jobCount - limits.jobs,
    0,
  )
  const bytes = limits.outputBytes === null ? 0 : Math.max(0, stored.storedOutputBytes - limits.outputBytes)
  return { jobs, bytes }
}
