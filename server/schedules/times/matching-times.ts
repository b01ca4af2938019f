import { type Cron, openMatcher } from './cron.ts'
import { findChange, findMoments, offsetAt } from './zones.ts'

const day = 86_400_000

/** The times that runs are looked for: croner goes on until the year 2999, and zones had no rules before 1970. */
const earliest = Date.UTC(1970, 0, 2)
const latest = Date.UTC(10_000, 0, 1)

/** When it runs for a wall time that matches: once, twice or not at all, as `Cron` says of changes of the clock. */
const findRuns = (cron: Cron, timeZone: string, wall: number): readonly number[] => {
  const moments = findMoments(timeZone, wall)
  if (moments.length > 0) return cron.isRepeated ? moments : moments.slice(0, 1)
  if (cron.isHourly) return []
  const offsets = [offsetAt(timeZone, wall - day), offsetAt(timeZone, wall + day)]
  const endOfSkip = findChange(timeZone, wall - Math.max(...offsets), wall - Math.min(...offsets))
  return endOfSkip === null ? [] : [endOfSkip]
}

/** The first run after a moment, both in milliseconds since the epoch, or null when there is none until the year 2999. */
export const findRunAfter = (cron: Cron, timeZone: string, after: number): number | null => {
  const from = Math.min(Math.max(after, earliest - 1), latest)
  // What the clock is about to repeat comes again.
  const wall = from + Math.min(offsetAt(timeZone, from), offsetAt(timeZone, from + day))
  let repeated: number | null = null
  for (const match of openMatcher(cron).enumerate(new Date(wall))) {
    const [first, second] = findRuns(cron, timeZone, match.getTime())
    if (first !== undefined && first > from) return repeated === null ? first : Math.min(first, repeated)
    if (second !== undefined && second > from) repeated ??= second
  }
  return repeated
}

/** The last run before a moment, both in milliseconds since the epoch, or null when there is none since 1970. */
export const findRunBefore = (cron: Cron, timeZone: string, before: number): number | null => {
  const to = Math.min(before, latest)
  if (to <= earliest) return null
  const matcher = openMatcher(cron)
  let [wall] = matcher.previousRuns(1, new Date(to + Math.max(offsetAt(timeZone, to), offsetAt(timeZone, to - day))))
  let repeated: number | null = null
  for (; wall && wall.getTime() > 0; [wall] = matcher.previousRuns(1, wall)) {
    const [first, second] = findRuns(cron, timeZone, wall.getTime())
    const last = second ?? first
    if (last !== undefined && last < to) return repeated === null ? last : Math.max(last, repeated)
    if (first !== undefined && first < to) repeated ??= first
  }
  return repeated
}

function* runsAfter(cron: Cron, timeZone: string, after: number): Generator<Date, void> {
  for (let run = findRunAfter(cron, timeZone, after); run !== null; run = findRunAfter(cron, timeZone, run)) {
    yield new Date(run)
  }
}

/** The first `count` runs after `from` (which is not one of them). Throws `TimeZoneUnknown`. */
export const nextRuns = (cron: Cron, timeZone: string, from: Date, count: number): readonly Date[] =>
  runsAfter(cron, timeZone, from.getTime()).take(count).toArray()

/** The runs in `from <= … < to`, the first `limit` of them. Throws `TimeZoneUnknown`. */
export const runsBetween = (cron: Cron, timeZone: string, from: Date, to: Date, limit: number): readonly Date[] => {
  const runs: Date[] = []
  for (const run of runsAfter(cron, timeZone, from.getTime() - 1)) {
    if (run >= to || runs.length >= limit) break
    runs.push(run)
  }
  return runs
}

/** The last time before `before` when it should have run, or null. Throws `TimeZoneUnknown`. */
export const previousRun = (cron: Cron, timeZone: string, before: Date): Date | null => {
  const run = findRunBefore(cron, timeZone, before.getTime())
  return run === null ? null : new Date(run)
}
