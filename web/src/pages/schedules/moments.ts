import { sayDuration } from '../../text/times.ts'

/** A moment as a clock and a calendar show it, in a zone or the viewer's: `Tue, Nov 24, 2026, 02:30`. */
export const sayMoment = (at: string, timeZone?: string) =>
  new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(new Date(at))

/** The time of day of a moment: `02:30`. */
export const sayClock = (at: string, timeZone?: string) =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date(at))

/** A date such as `2026-11-24` in words. */
export const sayDate = (date: string, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { ...options, timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`))

/**
 * What there is to tell of a run besides its moment in the viewer's zone: that by the schedule's own clock, and how late
 * it is. All times in it are of the schedule's zone.
 */
export const sayElsewhere = (run: { at: string; scheduledFor: string }, timeZone: string, viewerZone: string) => {
  const late = (Date.parse(run.at) - Date.parse(run.scheduledFor)) / 1000
  return [
    timeZone !== viewerZone && `${sayMoment(run.at, timeZone)} in ${timeZone}`,
    late >= 1 && `${sayDuration(late)} after ${sayClock(run.scheduledFor, timeZone)}`,
  ]
    .filter(Boolean)
    .join(', ')
}
