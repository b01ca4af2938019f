import type { Schedule } from '../../../prisma/generated/client/client.ts'
import { believedRun, type Due, earliestRight, later, missedRun, nextDue } from './timing.ts'
import { type TimingColumns, timingOf } from './timing-columns.ts'

export type DecisionColumns = TimingColumns &
  Pick<
    Schedule,
    | 'nextRunAt'
    | 'nextScheduledFor'
    | 'lastLookedAt'
    | 'missedRunPolicy'
    | 'lastScheduledFor'
    | 'validFrom'
    | 'createdAt'
  >

/** What becomes of a schedule at one moment. */
export interface Decision {
  /** The time that a run is to start for now; null where none is. */
  readonly start: Date | null
  /** The time of a run that was missed and is left out by policy; null where none is. */
  readonly leftOut: Date | null
  /** What comes after; null where nothing does. */
  readonly next: Due | null
  /** The last run from now on: a run of a future that is not there any more is forgotten, or its time would be passed over. */
  readonly lastScheduledFor: Date | null
  readonly lastLookedAt: Date
  /** Since when it runs at its times, where what is written down of that comes from a clock that was wrong. */
  readonly validFrom?: Date
}

/** Timers may go off a little early, in milliseconds. */
export const tolerance = 10

/**
 * What an enabled schedule does at `now`; null where it just waits on, as after a trigger that is stale or came twice.
 * A run that is later than `missedAfter` milliseconds was missed. Throws what `timingOf` does.
 */
export const decide = (schedule: DecisionColumns, now: Date, missedAfter: number): Decision | null => {
  const { nextRunAt, nextScheduledFor } = schedule
  const lastScheduledFor = believedRun(schedule.lastScheduledFor, now.getTime())
  const written = schedule.validFrom ?? schedule.createdAt
  // Written by a clock that had only begun to count: all that is known is that it is there now.
  const corrected = written.getTime() < earliestRight ? { validFrom: now } : {}
  const validFrom = corrected.validFrom ?? believedRun(written, now.getTime())
  const lastLookedAt = later(schedule.lastLookedAt, validFrom) ?? now
  const readTiming = () => timingOf({ ...schedule, lastScheduledFor, validFrom })
  const nothing = { start: null, leftOut: null, lastScheduledFor, lastLookedAt: now, ...corrected }
  const hasNext = nextRunAt !== null && nextScheduledFor !== null
  if (hasNext && nextRunAt.getTime() > now.getTime() + tolerance) {
    // What was found when the clock was ahead, as `lastLookedAt` tells, may leave out what is still to come.
    if (schedule.lastLookedAt <= now || nextScheduledFor <= now) return null
    return { ...nothing, next: nextDue(readTiming(), now) }
  }
  const timing = readTiming()
  const started = (start: Date): Decision => {
    const next = nextDue({ ...timing, lastScheduledFor: start }, now)
    return { ...nothing, start, next, lastScheduledFor: start }
  }
  const isNew = hasNext && (lastScheduledFor === null || nextScheduledFor > lastScheduledFor)
  if (isNew && now.getTime() - nextRunAt.getTime() <= missedAfter) return started(nextScheduledFor)
  const missed = missedRun(timing, lastLookedAt, now)
  const regular = nextDue(timing, now)
  if (missed === null) return !hasNext && regular === null ? null : { ...nothing, next: regular }
  if (schedule.missedRunPolicy === 'SKIP') return { ...nothing, leftOut: missed.scheduledFor, next: regular }
  // The regular run of that opening, or the one that only its jitter holds back, makes up for it just as well.
  if (regular && regular.scheduledFor <= missed.at) return { ...nothing, next: regular }
  // Kept for the opening of its window. It counts as looked for only once it was started: the server may end before.
  if (missed.at > now) return { ...nothing, next: missed, lastLookedAt }
  return started(missed.scheduledFor)
}
