const minute = 60
const hour = 60 * minute
const day = 24 * hour

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** How far a moment is from `now` (milliseconds since the epoch): `just now`, `26 hours ago`, `in 5 minutes`. */
export const sayRelative = (moment: string, now: number) => {
  const seconds = Math.round((Date.parse(moment) - now) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 5) return 'just now'
  if (distance < minute) return relative.format(seconds, 'second')
  if (distance < hour) return relative.format(Math.trunc(seconds / minute), 'minute')
  if (distance < 2 * day) return relative.format(Math.trunc(seconds / hour), 'hour')
  if (distance < 60 * day) return relative.format(Math.trunc(seconds / day), 'day')
  if (distance < 730 * day) return relative.format(Math.trunc(seconds / (30.44 * day)), 'month')
  return relative.format(Math.trunc(seconds / (365.25 * day)), 'year')
}

/** The moment itself, in the viewer's zone and way of writing, with the zone. */
export const sayExact = (moment: string) =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(moment))

const parts = (first: number, firstUnit: string, second: number, secondUnit: string) =>
  second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`

/** Seconds as people say them, with at most two units: `8 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`. */
export const sayDuration = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < minute) return `${whole} s`
  if (whole < hour) return parts(Math.floor(whole / minute), 'min', whole % minute, 's')
  if (whole < day) return parts(Math.floor(whole / hour), 'h', Math.floor((whole % hour) / minute), 'min')
  return parts(Math.floor(whole / day), 'd', Math.floor((whole % day) / hour), 'h')
}

/** An estimate sounds like one: `about 3 minutes left`. */
export const sayTimeLeft = (seconds: number) => {
  if (seconds < 45) return 'less than a minute left'
  const [count, unit] =
    seconds < 90 * minute
      ? [Math.round(seconds / minute), 'minute']
      : seconds < 2 * day
        ? [Math.round(seconds / hour), 'hour']
        : [Math.round(seconds / day), 'day']
  return `about ${count} ${unit}${count === 1 ? '' : 's'} left`
}

/** Seconds between two moments; up to `now` where the second has not come. */
export const secondsBetween = (start: string, end: string | null, now: number) =>
  ((end === null ? now : Date.parse(end)) - Date.parse(start)) / 1000
