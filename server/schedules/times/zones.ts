import { IANAZone } from 'luxon'
import { TimeZoneUnknown } from '../problems.ts'

/*
 * All times are in milliseconds. A wall time is what the clock on the wall shows, read as if it were UTC. No zone changes
 * its clock twice within two days.
 */

const day = 86_400_000

/** Names that were found to be zones: to ask takes a quarter of a millisecond, and each look at a schedule does. */
const known = new Set<string>()
const knownKept = 1_000

/** Throws `TimeZoneUnknown` unless `name` is an IANA time zone. */
export const checkTimeZone = (name: string): void => {
  if (known.has(name)) return
  // Intl takes offsets such as +02:00 as well, which know nothing of summer time.
  if (!/^[A-Za-z]/.test(name) || !IANAZone.isValidZone(name)) throw new TimeZoneUnknown(name)
  if (known.size >= knownKept) known.clear()
  known.add(name)
}

const readOffset = (timeZone: string, at: number): number => {
  const offset = IANAZone.create(timeZone).offset(at) * 60_000
  if (Number.isNaN(offset)) throw new TimeZoneUnknown(timeZone)
  return offset
}

/** What zones had at midnights in UTC: luxon takes several microseconds, and ten thousand schedules ask for the same. */
const midnights = new Map<string, number>()
const midnightsKept = 10_000

const readMidnight = (timeZone: string, midnight: number): number => {
  const key = `${timeZone} ${midnight}`
  const offset = midnights.get(key) ?? readOffset(timeZone, midnight)
  if (midnights.size >= midnightsKept) midnights.clear()
  midnights.set(key, offset)
  return offset
}

/** Wall time minus UTC at a moment. Throws `TimeZoneUnknown`. */
export const offsetAt = (timeZone: string, at: number): number => {
  const midnight = Math.floor(at / day) * day
  const offset = readMidnight(timeZone, midnight)
  return offset === readMidnight(timeZone, midnight + day) ? offset : readOffset(timeZone, at)
}

/** When the offset changes in `from < … <= to`, two days at most, or null. */
export const findChange = (timeZone: string, from: number, to: number): number | null => {
  const offset = offsetAt(timeZone, from)
  if (offsetAt(timeZone, to) === offset) return null
  let [before, after] = [from, to]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(timeZone, middle) === offset) before = middle
    else after = middle
  }
  return after
}

/** The moments at which the clock shows a wall time: two where it is repeated, none where it is skipped. */
export const findMoments = (timeZone: string, wall: number): readonly number[] => {
  const moments = new Set([wall - offsetAt(timeZone, wall - day), wall - offsetAt(timeZone, wall + day)])
  if (moments.size === 1) return [...moments]
  return [...moments].filter((at) => at + offsetAt(timeZone, at) === wall).sort((one, other) => one - other)
}
