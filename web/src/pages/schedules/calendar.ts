import { sayCount } from '../../text/counts.ts'

/** A day of the viewer's zone. `from` and `to` (not included) are its moments. */
export interface Day {
  /** Such as `2026-11-23`. */
  readonly date: string
  readonly from: string
  readonly to: string
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** The date of a moment in the viewer's zone: `2026-11-23`. */
export const dateOf = (at: Date) => `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`

/** The date so many days later. */
export const addDays = (date: string, count: number) => {
  const at = new Date(`${date}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() + count)
  return at.toISOString().slice(0, 10)
}

/** Where the viewer's day begins: at midnight, or at the first moment after it where the clock skips midnight. */
const startOf = (date: string) => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  return new Date(year, month - 1, day)
}

/** Seven days from a date on. A day is 23 or 25 hours long where the clock changes. */
export const weekFrom = (date: string): Day[] =>
  Array.from({ length: 7 }, (_, index) => ({
    date: addDays(date, index),
    from: startOf(addDays(date, index)).toISOString(),
    to: startOf(addDays(date, index + 1)).toISOString(),
  }))

/** The first date of the week to show: the wanted one, but none before today and none that is no date. */
export const firstDate = (wanted: string | undefined, today: string) => {
  if (!wanted || !/^\d{4}-\d{2}-\d{2}$/.test(wanted)) return today
  const time = Date.parse(`${wanted}T12:00:00Z`)
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== wanted) return today
  return wanted > today ? wanted : today
}

export interface Run {
  readonly at: string
  readonly scheduledFor: string
}

/** Runs of one schedule on one day that stand in one place: one run, or too many to list. */
export interface Entry<Schedule> {
  readonly schedule: Schedule
  readonly runs: readonly Run[]
}

/** Runs of one schedule on a day from this number on are shown as one entry. */
const many = 5

/** The entries of a day by their first run. */
export const gather = <Schedule extends { readonly id: string }>(
  runs: readonly (Run & { readonly schedule: Schedule })[],
): Entry<Schedule>[] => {
  const bySchedule = Map.groupBy(runs, ({ schedule }) => schedule.id)
  return [...bySchedule.values()]
    .flatMap((own) => (own.length < many ? own.map((run) => [run]) : [own]))
    .flatMap((own) => (own[0] ? [{ schedule: own[0].schedule, runs: own }] : []))
    .sort((one, other) => (one.runs[0]?.at ?? '').localeCompare(other.runs[0]?.at ?? ''))
}

/** How many runs an entry stands for, and how often: `every 5 minutes, 288 runs`. */
export const sayRuns = (runs: readonly Run[]) => {
  const times = runs.map(({ scheduledFor }) => Date.parse(scheduledFor) / 60_000)
  const [first = 0, second = 0] = times
  const gap = second - first
  const isEven = times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === gap)
  const count = sayCount(runs.length, 'run')
  if (!isEven || runs.length < 3) return count
  if (gap === 1) return `every minute, ${count}`
  if (gap === 60) return `every hour, ${count}`
  return gap % 60 === 0 ? `every ${gap / 60} hours, ${count}` : `every ${gap} minutes, ${count}`
}
