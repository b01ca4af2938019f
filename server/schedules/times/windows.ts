import { WindowInvalid, WindowNeverOpens } from '../problems.ts'
import { findChange, offsetAt } from './zones.ts'

/**
 * When a schedule's runs may start, by the clock on the wall. `from` and `to` (not included) in minutes after midnight; a
 * window whose `to` is not after its `from` passes midnight. It opens on `weekdays` (Sunday is 0), or on every day.
 */
export interface AllowedWindow {
  readonly from: number
  readonly to: number
  readonly weekdays: ReadonlySet<number> | null
}

const minute = 60_000
const day = 86_400_000

/** The end of the times that are looked through. */
const latest = Date.UTC(10_000, 0, 1)

const parseTime = (text: string, isEnd: boolean): number => {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
  const time = Number(hours) * 60 + Number(minutes)
  if (Number(minutes) < 60 && (time < 1440 || (isEnd && time === 1440))) return time
  throw new WindowInvalid(`“${text.slice(0, 20)}” is not a time from 00:00 to ${isEnd ? '24:00' : '23:59'}.`)
}

/**
 * The window between two local times such as `22:00` and `06:00`; `24:00` may end it. Without `weekdays` it opens on every
 * day; one that passes midnight belongs to the day on which it opens. Throws `WindowInvalid`, `WindowNeverOpens`.
 */
export const parseWindow = (from: string, to: string, weekdays: readonly number[] | null = null): AllowedWindow => {
  const window = { from: parseTime(from, false), to: parseTime(to, true) }
  if (window.from === window.to) {
    throw new WindowNeverOpens('The window ends when it begins, so that it never opens. Leave it out to allow all day.')
  }
  if (weekdays === null) return { ...window, weekdays }
  if (weekdays.length === 0) throw new WindowNeverOpens('The window has no day of the week, so that it never opens.')
  const wrong = weekdays.find((value) => !Number.isInteger(value) || value < 0 || value > 6)
  if (wrong !== undefined) throw new WindowInvalid(`${wrong} is not a day of the week from 0 (Sunday) to 6.`)
  return { ...window, weekdays: new Set(weekdays) }
}

const daysAhead = [-1, 0, 1, 2, 3, 4, 5, 6, 7]
const daysBack = [0, -1, -2, -3, -4, -5, -6, -7, -8]

/** The openings that begin so many days after the day of a wall time, as wall times, `to` not included. */
const listOpenings = (window: AllowedWindow, wall: number, days: readonly number[]) => {
  const to = window.to > window.from ? window.to : window.to + 1440
  return days
    .map((count) => (Math.floor(wall / day) + count) * day)
    .filter((midnight) => window.weekdays?.has(new Date(midnight).getUTCDay()) ?? true)
    .map((midnight) => ({ from: midnight + window.from * minute, to: midnight + to * minute }))
}

/** The opening that holds a wall time, or the next one. */
const openingFrom = (window: AllowedWindow, wall: number) =>
  listOpenings(window, wall, daysAhead).find(({ to }) => to > wall) ?? { from: wall + 8 * day, to: wall + 8 * day }

/** Whether the window is open, by the zone's clock: in an hour that is repeated it is open twice. */
export const isInWindow = (at: Date, window: AllowedWindow, timeZone: string): boolean =>
  openFor(at.getTime(), window, timeZone) > 0

/** How long it surely stays open from a moment on, in milliseconds; a change of the clock ends this. */
export const openFor = (at: number, window: AllowedWindow, timeZone: string): number => {
  const offset = offsetAt(timeZone, at)
  const { from, to } = openingFrom(window, at + offset)
  if (from > at + offset) return 0
  return (findChange(timeZone, at, to - offset) ?? to - offset) - at
}

/** The first moment at or after `at` that is in the window, in milliseconds since the epoch; null past the year 9999. */
export const findOpening = (at: number, window: AllowedWindow, timeZone: string): number | null => {
  for (let start = Math.max(at, 0); start < latest; ) {
    const end = findChange(timeZone, start, start + day) ?? start + day
    const offset = offsetAt(timeZone, start)
    const opening = Math.max(openingFrom(window, start + offset).from - offset, start)
    if (opening < end) return opening
    start = end
  }
  return null
}

/** The last whole millisecond at or before `at` that is in the window, since the epoch; null before 1970. */
export const findLastOpen = (at: number, window: AllowedWindow, timeZone: string): number | null => {
  for (let end = Math.min(at, latest - 1); end > 0; ) {
    const start = findChange(timeZone, end - day, end) ?? end - day
    const offset = offsetAt(timeZone, end)
    const opening = listOpenings(window, end + offset, daysBack).find(({ from }) => from <= end + offset)
    const last = Math.min((opening?.to ?? 0) - 1 - offset, end)
    if (last >= start) return last
    end = start - 1
  }
  return null
}

/** The first moment at or after `at` when the window is open (`at` itself in it), or null when there is none. */
export const nextOpening = (at: Date, window: AllowedWindow, timeZone: string): Date | null => {
  const opening = findOpening(at.getTime(), window, timeZone)
  return opening === null ? null : new Date(opening)
}
