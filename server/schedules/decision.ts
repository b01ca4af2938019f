import type { Schedule } from '../../prisma/generated/client/client.ts'
import { type TimingColumns, timingOf } from './stored.ts'
import { believedAhead, type Due, missedRun, nextDue } from './timing.ts'

export type DecisionColumns = TimingColumns &
  Pick<Schedule, 'nextRunAt' | 'nextScheduledFor' | 'lastLookedAt' | 'missedRunPolicy'>

/** What becomes of a schedule at one moment. */
export interface Decision {
  /** The time that a run is to start for now; null where none is. */
  readonly start: Date | null
  /** The time of a run that was missed and is left out by policy; null where none is. */
  readonly leftOut: Date | null
  /** What comes after; null where nothing does. */
  readonly next: Due | null
  readonly lastLookedAt: Date
}

/** Timers may go off a little early, in milliseconds. */
const tolerance = 100

/**
 * What an enabled schedule does at `now`; null where it just waits on, as after a trigger that is stale or came twice.
 * A run that is later than `missedAfter` milliseconds was missed. Throws what `timingOf` does.
 */
export const decide = (schedule: DecisionColumns, now: Date, missedAfter: number): Decision | null => {
  const { nextRunAt, nextScheduledFor, lastLookedAt } = schedule
  const hasNext = nextRunAt !== null && nextScheduledFor !== null
  if (hasNext && nextRunAt.getTime() > now.getTime() + tolerance) {
    // What was found when the clock was ahead, as `lastLookedAt` tells, may leave out what is still to come.
    if (lastLookedAt <= now || nextScheduledFor <= now) return null
    return { start: null, leftOut: null, next: nextDue(timingOf(schedule), now), lastLookedAt: now }
  }
  const timing = timingOf(schedule)
  const isBelieved = Number(timing.lastScheduledFor) - now.getTime() <= believedAhead
  const lastScheduledFor = isBelieved ? timing.lastScheduledFor : null
  const after = (started: Date | null) => nextDue({ ...timing, lastScheduledFor: started ?? lastScheduledFor }, now)
  const isNew = hasNext && (lastScheduledFor === null || nextScheduledFor > lastScheduledFor)
  if (isNew && now.getTime() - nextRunAt.getTime() <= missedAfter) {
    return { start: nextScheduledFor, leftOut: null, next: after(nextScheduledFor), lastLookedAt: now }
  }
  const missed = missedRun(timing, lastLookedAt, now)
  const regular = after(null)
  if (missed === null) {
    if (!hasNext && regular === null) return null
    return { start: null, leftOut: null, next: regular, lastLookedAt: now }
  }
  if (schedule.missedRunPolicy === 'SKIP') {
    return { start: null, leftOut: missed.scheduledFor, next: regular, lastLookedAt: now }
  }
  // The regular run of that opening, or the one that only its jitter holds back, makes up for it just as well.
  if (regular && regular.scheduledFor <= missed.at) {
    return { start: null, leftOut: null, next: regular, lastLookedAt: now }
  }
  // Kept for the opening of its window. It counts as looked for only once it was started: the server may end before.
  if (missed.at > now) return { start: null, leftOut: null, next: missed, lastLookedAt }
  return { start: missed.scheduledFor, leftOut: null, next: after(missed.scheduledFor), lastLookedAt: now }
}
