import type { Cron } from '../../../../server/schedules/times/cron.ts'
import type { AllowedWindow } from '../../../../server/schedules/times/windows.ts'

/*
 * What schedules should do, worked out the slow way: minute by minute, with what Intl says the clock on the wall shows.
 */

const minute = 60_000

/** A minute: when it is, and the wall clock's reading of it as if that were UTC. */
export interface WallMinute {
  readonly at: number
  readonly wall: number
}

export const walkMinutes = (timeZone: string, from: string, to: string): readonly WallMinute[] => {
  // Swedish writes times as 2026-03-29 02:30.
  const format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const minutes: WallMinute[] = []
  for (let at = Date.parse(from); at < Date.parse(to); at += minute) {
    minutes.push({ at, wall: Date.parse(`${format.format(at)}Z`) })
  }
  return minutes
}

const isMatching = (cron: Cron, wall: number): boolean => {
  const date = new Date(wall)
  if (!cron.minutes.includes(date.getUTCMinutes()) || !cron.hours.includes(date.getUTCHours())) return false
  if (!cron.months.has(date.getUTCMonth() + 1)) return false
  const days = [cron.daysOfMonth.has(date.getUTCDate()), cron.daysOfWeek.has(date.getUTCDay())]
  return cron.isEitherDay ? days.some(Boolean) : days.every(Boolean)
}

/** The runs among the minutes; the first minute only tells what the clock showed before. */
export const walkRuns = (cron: Cron, minutes: readonly WallMinute[]): readonly number[] => {
  const runs: number[] = []
  let shown = minutes[0]?.wall ?? 0
  for (const { at, wall } of minutes.slice(1)) {
    const isRepeated = wall <= shown
    let isDue = isMatching(cron, wall) && (!isRepeated || cron.isRepeated)
    for (let skipped = shown + minute; skipped < wall && !cron.isHourly; skipped += minute) {
      isDue ||= isMatching(cron, skipped)
    }
    if (isDue) runs.push(at)
    shown = Math.max(shown, wall)
  }
  return runs
}

export const isOpen = (window: AllowedWindow, wall: number): boolean => {
  const date = new Date(wall)
  const time = date.getUTCHours() * 60 + date.getUTCMinutes()
  const opensOn = (weekday: number) => window.weekdays === null || window.weekdays.has(weekday)
  const today = date.getUTCDay()
  if (window.from < window.to) return opensOn(today) && time >= window.from && time < window.to
  return (opensOn(today) && time >= window.from) || (opensOn((today + 6) % 7) && time < window.to)
}

/** When the runs are let through: each waits for the window, and those that wait together become one. */
export const walkScheduled = (
  cron: Cron,
  window: AllowedWindow | null,
  minutes: readonly WallMinute[],
): readonly number[] => {
  const runs = new Set(walkRuns(cron, minutes))
  const scheduled: number[] = []
  let isWaiting = false
  for (const { at, wall } of minutes) {
    isWaiting ||= runs.has(at)
    if (!isWaiting || (window && !isOpen(window, wall))) continue
    scheduled.push(at)
    isWaiting = false
  }
  return scheduled
}
