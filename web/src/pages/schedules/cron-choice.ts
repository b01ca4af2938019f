/** A time that people choose without knowing cron. `time` is `02:30`; Sunday is 0. */
export type CronChoice =
  | { readonly kind: 'hourly'; readonly minute: number }
  | { readonly kind: 'daily'; readonly time: string }
  | { readonly kind: 'weekly'; readonly days: readonly number[]; readonly time: string }
  | { readonly kind: 'monthly'; readonly day: number; readonly time: string }

const presets = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
])

const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

const readNumber = (text: string, lowest: number, highest: number) => {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  return value >= lowest && value <= highest ? value : undefined
}

const readWeekday = (text: string) => {
  const named = dayNames.indexOf(text.toUpperCase())
  return named >= 0 ? named : readNumber(text, 0, 7)
}

const readWeekdays = (text: string): number[] | undefined => {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [from, to, ...rest] = part.split('-').map(readWeekday)
    if (from === undefined || rest.length > 0 || (part.includes('-') && to === undefined)) return undefined
    if (to !== undefined && to < from) return undefined
    for (let day = from; day <= (to ?? from); day += 1) days.add(day % 7)
  }
  return [...days].sort((one, other) => one - other)
}

const twoDigits = (value: number) => String(value).padStart(2, '0')

/** The choice that a cron text stands for; undefined where it is none of these. */
export const readCron = (text: string): CronChoice | undefined => {
  const fields = (presets.get(text.trim().toLowerCase()) ?? text).trim().split(/\s+/)
  const [minuteText = '', hourText = '', dayText = '', month, weekdayText = ''] = fields
  const minute = readNumber(minuteText, 0, 59)
  if (fields.length !== 5 || minute === undefined || month !== '*') return undefined
  const isAnyDay = dayText === '*' && weekdayText === '*'
  if (hourText === '*') return isAnyDay ? { kind: 'hourly', minute } : undefined
  const hour = readNumber(hourText, 0, 23)
  if (hour === undefined) return undefined
  const time = `${twoDigits(hour)}:${twoDigits(minute)}`
  if (isAnyDay) return { kind: 'daily', time }
  if (dayText === '*') {
    const days = readWeekdays(weekdayText)
    return days && { kind: 'weekly', days, time }
  }
  const day = readNumber(dayText, 1, 31)
  return weekdayText === '*' && day !== undefined ? { kind: 'monthly', day, time } : undefined
}

/** The cron text of a choice. */
export const writeCron = (choice: CronChoice): string => {
  if (choice.kind === 'hourly') return `${choice.minute} * * * *`
  const [hour, minute] = choice.time.split(':').map(Number)
  const clock = `${minute} ${hour}`
  if (choice.kind === 'daily') return `${clock} * * *`
  if (choice.kind === 'weekly') return `${clock} * * ${choice.days.toSorted((one, other) => one - other).join(',')}`
  return `${clock} ${choice.day} * *`
}

/** Another kind of time that keeps what both have: the minute of an hourly one becomes a time after midnight. */
export const changeKind = (choice: CronChoice | undefined, kind: CronChoice['kind']): CronChoice => {
  const time =
    choice === undefined ? '02:00' : choice.kind === 'hourly' ? `02:${twoDigits(choice.minute)}` : choice.time
  if (kind === 'hourly') return { kind, minute: Number(time.slice(3)) }
  if (kind === 'daily') return { kind, time }
  if (kind === 'weekly') return { kind, days: [1], time }
  return { kind, day: 1, time }
}
