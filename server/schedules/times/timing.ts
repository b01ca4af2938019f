import { hash } from 'node:crypto'
import type { Cron } from './cron.ts'
import { findRunAfter, findRunBefore } from './matching-times.ts'
import { type AllowedWindow, findLastOpen, findOpening, openFor } from './windows.ts'

export type OverlapPolicy = 'SKIP' | 'QUEUE'

/**
 * What the times of a schedule follow from. `lastScheduledFor` is the `Due.scheduledFor` of the last run that was started, or
 * a later moment before which it is not to run.
 */
export interface Timing {
  readonly id: string
  readonly cron: Cron
  readonly timeZone: string
  readonly jitterSeconds: number
  readonly window: AllowedWindow | null
  readonly lastScheduledFor: Date | null
}

/**
 * One run of a schedule. `scheduledFor` names it for good: the cron's time, or the window's opening that all runs wait for
 * which the closed window held back. `at` is when to start it: later by the jitter, and for a missed run when it is made up.
 */
export interface Due {
  readonly scheduledFor: Date
  readonly at: Date
}

const day = 86_400_000

/**
 * The last run, or null where it is more than a day ahead: that comes from a clock that was wrong, not from one that was set
 * back, and to wait for that time could mean to wait for years.
 */
export const believedRun = (lastScheduledFor: Date | null, now: number): Date | null =>
  lastScheduledFor !== null && lastScheduledFor.getTime() - now <= day ? lastScheduledFor : null

/** A clock that is before this one is wrong: there was no Borgitory then. Machines without a battery begin in 1970. */
export const earliestRight = Date.UTC(2025, 0, 1)

/** The later of two moments, of which one may not be known. */
export const later = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other > one) ? other : one

/** The time that a run of the cron is scheduled for: its own, or the opening that it waits for. */
const toScheduled = ({ window, timeZone }: Timing, run: number | null): number | null =>
  run === null || window === null ? run : findOpening(run, window, timeZone)

/**
 * The same for the same schedule and run, everywhere and always. It is spread evenly over whole seconds from 0 to
 * `jitterSeconds`, and ends before the cron's next run and before the window closes.
 */
const findJitter = (timing: Timing, scheduledFor: number): number => {
  if (timing.jitterSeconds <= 0) return 0
  const next = findRunAfter(timing.cron, timing.timeZone, scheduledFor)
  const untilNext = next === null ? Number.POSITIVE_INFINITY : next - scheduledFor
  const open = timing.window ? openFor(scheduledFor, timing.window, timing.timeZone) : Number.POSITIVE_INFINITY
  const room = Math.ceil(Math.min(untilNext, open) / 1000)
  const choices = Math.max(1, Math.min(Math.floor(timing.jitterSeconds) + 1, room))
  const part = hash('sha256', `${timing.id}\n${scheduledFor}`, 'buffer').readUInt32BE() / 2 ** 32
  return Math.floor(part * choices) * 1000
}

const toDue = (timing: Timing, scheduledFor: number): Due => ({
  scheduledFor: new Date(scheduledFor),
  at: new Date(scheduledFor + findJitter(timing, scheduledFor)),
})

/** The first due run whose `at` is after a moment, whatever was started before. */
const findDueAfter = (timing: Timing, after: number): Due | null => {
  const { cron, timeZone } = timing
  if (timing.window || timing.jitterSeconds > 0) {
    // What is behind `after` may still be to come: it waits for the window, or for its jitter.
    const previous = toScheduled(timing, findRunBefore(cron, timeZone, after + 1))
    const due = previous === null ? null : toDue(timing, previous)
    if (due && due.at.getTime() > after) return due
  }
  const next = toScheduled(timing, findRunAfter(cron, timeZone, after))
  return next === null ? null : toDue(timing, next)
}

/** The first run that is scheduled for a time after a moment, which need not be such a time itself. */
const findScheduledAfter = (timing: Timing, after: number): Due | null => {
  const { cron, timeZone } = timing
  const waiting = toScheduled(timing, findRunBefore(cron, timeZone, after + 1))
  if (waiting !== null && waiting > after) return toDue(timing, waiting)
  const next = toScheduled(timing, findRunAfter(cron, timeZone, after))
  return next === null ? null : toDue(timing, next)
}

/** The last scheduled time before `scheduledFor`, itself a scheduled time. */
const findScheduledBefore = (timing: Timing, scheduledFor: number): number | null => {
  const { cron, timeZone, window } = timing
  const run = findRunBefore(cron, timeZone, scheduledFor)
  if (run === null || window === null) return run
  const scheduled = toScheduled(timing, run)
  if (scheduled !== scheduledFor) return scheduled
  // All runs since the window closed wait for the same opening.
  const open = findLastOpen(run, window, timeZone)
  return open === null ? null : toScheduled(timing, findRunBefore(cron, timeZone, open + 1))
}

/** The last due run whose `at` is at or before a moment. */
const findDueBefore = (timing: Timing, now: number): Due | null => {
  let scheduled = toScheduled(timing, findRunBefore(timing.cron, timing.timeZone, now + 1))
  if (scheduled !== null && scheduled > now) scheduled = findScheduledBefore(timing, scheduled)
  if (scheduled === null) return null
  const due = toDue(timing, scheduled)
  if (due.at.getTime() <= now) return due
  const earlier = findScheduledBefore(timing, scheduled)
  return earlier === null ? null : toDue(timing, earlier)
}

const wasStarted = ({ lastScheduledFor }: Timing, due: Due, now: number): boolean => {
  const last = believedRun(lastScheduledFor, now)
  return last !== null && due.scheduledFor <= last
}

/**
 * The first run to start after a moment; null when there is none until the year 2999. After a clock was set back, what was
 * started already is passed over. Throws `TimeZoneUnknown`.
 */
export const nextDue = (timing: Timing, after: Date): Due | null => {
  const due = findDueAfter(timing, after.getTime())
  if (!due || !timing.lastScheduledFor || !wasStarted(timing, due, after.getTime())) return due
  return findScheduledAfter(timing, timing.lastScheduledFor.getTime())
}

/**
 * The run that was missed, at a start or after the clock jumped: the last one that came due after `lastLookedAt` and until
 * `now` without being started. `at` is when to make up for it: `now` or, when the window is closed, its next opening.
 * However many were missed, it is one. Null when there is none, and when the clock was set back. Throws `TimeZoneUnknown`.
 */
export const missedRun = (timing: Timing, lastLookedAt: Date, now: Date): Due | null => {
  if (now <= lastLookedAt) return null
  const due = findDueBefore(timing, now.getTime())
  if (!due || due.at <= lastLookedAt || wasStarted(timing, due, now.getTime())) return null
  const at = timing.window ? findOpening(now.getTime(), timing.window, timing.timeZone) : now.getTime()
  return at === null ? null : { scheduledFor: due.scheduledFor, at: new Date(at) }
}

/**
 * Why a due run is left out while jobs of the same schedule have not ended, in plain words; null where it is not. QUEUE
 * lets one wait, not more: a job that takes longer than the time between runs must not pile up a queue without end.
 */
export const overlapProblem = (policy: OverlapPolicy, unfinishedJobs: number): string | null => {
  if (unfinishedJobs === 0 || (policy === 'QUEUE' && unfinishedJobs === 1)) return null
  return policy === 'SKIP'
    ? 'The job of an earlier run had not ended, and this schedule leaves out runs that overlap.'
    : 'The job of an earlier run had not ended, and another one waited for it already.'
}
