import type { DebounceOptions, JobParameters } from 'agenda'

/** When an entry is due, and since when it has been put off. */
export type Timing = Pick<JobParameters, 'nextRunAt' | 'debounceStartedAt'>

/**
 * When an entry is due that is saved with `debounce` (Agenda's "Debouncing Jobs"). `asked` is when it would be due
 * without, `existing` what was saved before. Trailing: each save puts it off by `delay`, all together by `maxWait` at
 * most. Leading: due as asked, and saves within `delay` of that one change nothing. Milliseconds.
 */
export const debounce = (options: DebounceOptions, asked: Date | null, now: Date, existing?: Timing): Timing => {
  const { delay, maxWait = Number.POSITIVE_INFINITY, strategy = 'trailing' } = options
  const startedAt = existing?.debounceStartedAt
  const waited = startedAt ? now.getTime() - startedAt.getTime() : 0
  if (strategy === 'leading') {
    return existing && startedAt && waited < delay
      ? { nextRunAt: existing.nextRunAt, debounceStartedAt: startedAt }
      : { nextRunAt: existing?.nextRunAt ?? asked, debounceStartedAt: now }
  }
  // An entry that was started since begins anew: what is saved now came too late for that run.
  if (!startedAt || !existing?.nextRunAt) {
    return { nextRunAt: new Date(now.getTime() + Math.min(delay, maxWait)), debounceStartedAt: now }
  }
  if (waited >= maxWait) return { nextRunAt: now, debounceStartedAt: undefined }
  return { nextRunAt: new Date(now.getTime() + Math.min(delay, maxWait - waited)), debounceStartedAt: startedAt }
}
