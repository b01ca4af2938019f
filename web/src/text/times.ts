const minute = 60
const hour = 60 * minute
const day = 24 * hour

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** Units with their length in seconds, and the count from which on the next one says it as well. */
const spans = [
  { unit: 'second', length: 1, enough: 60 },
  { unit: 'minute', length: minute, enough: 120 },
  { unit: 'hour', length: hour, enough: 48 },
  { unit: 'day', length: day, enough: 60 },
  { unit: 'month', length: 30.44 * day, enough: 24 },
  { unit: 'year', length: 365.25 * day, enough: Number.POSITIVE_INFINITY },
] as const

/** A length of time in its unit, to the nearest: 70 hours are 3 days. */
const nearest = (seconds: number) => {
  const found = spans.find(({ length, enough }) => Math.round(seconds / length) < enough) ?? spans[0]
  return { count: Math.round(seconds / found.length), unit: found.unit }
}

/** How far a moment is from `now` (milliseconds since the epoch): `just now`, `26 hours ago`, `in 5 minutes`. */
export const sayRelative = (moment: string, now: number) => {
  const seconds = Math.round((Date.parse(moment) - now) / 1000)
  if (Math.abs(seconds) < 5) return 'just now'
  const { count, unit } = nearest(Math.abs(seconds))
  return relative.format(seconds < 0 ? -count : count, unit)
}

/** The moment itself, in the viewer's zone and way of writing, with the zone. */
export const sayExact = (moment: string) =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(moment))

const parts = (first: number, firstUnit: string, second: number, secondUnit: string) =>
  second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`

/** Seconds as people say them, with at most two units, to the nearest: `8 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export const sayDuration = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < minute) return `${whole} s`
  if (whole < hour) return parts(Math.floor(whole / minute), 'min', whole % minute, 's')
  const minutes = Math.round(whole / minute)
  if (minutes < 24 * 60) return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(whole / hour)
  return parts(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** An estimate sounds like one: `about 3 minutes left`. */
export const sayTimeLeft = (seconds: number) => {
  if (seconds < 45) return 'less than a minute left'
  const { count, unit } = nearest(Math.max(minute, seconds))
  return `about ${count} ${unit}${count === 1 ? '' : 's'} left`
}

/** Seconds between two moments; up to `now` where the second has not come. */
export const secondsBetween = (start: string, end: string | null, now: number) =>
  ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1000
