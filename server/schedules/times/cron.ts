import { Cron as Croner, CronPattern } from 'croner'
import cronstrue from 'cronstrue'
import { type CronField, CronInvalid, CronNeverFires } from '../problems.ts'
import { checkTimeZone } from './zones.ts'

// croner reads the fields and finds what matches, on the wall clock only: given a zone it loses, by either of its rules, the
// whole day of “*/30 2 * * *” where that hour is skipped. What happens when the clock changes is decided here and in matching-times.ts:
// what falls into skipped time runs once, at the first moment after it, unless the cron is hourly; what is repeated runs the
// first time only, unless the cron is hourly or runs every so many minutes.

/**
 * A checked cron text. `text` has five fields (a preset is written out). The lists are sorted; Sunday is 0.
 *
 * As in Vixie cron, a day has to match both day fields where one of them starts with `*`, and either of them otherwise
 * (`isEitherDay`).
 */
export interface Cron {
  readonly text: string
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly daysOfMonth: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly daysOfWeek: ReadonlySet<number>
  readonly isEitherDay: boolean
  /** It runs in all hours: what a skipped hour takes away, the next hour brings. */
  readonly isHourly: boolean
  /** It runs again in an hour that the clock repeats: hourly, or every so many minutes (the minute starts with `*`). */
  readonly isRepeated: boolean
}

/** `@reboot` is not among them: a missed-run policy says what happens at a start. */
export const cronPresets: ReadonlyMap<string, string> = new Map([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
])

/** The values of a field, in words. */
const fields: readonly (readonly [name: CronField, words: string])[] = [
  ['minute', 'a number from 0 to 59'],
  ['hour', 'a number from 0 to 23'],
  ['day of the month', 'a number from 1 to 31'],
  ['month', 'a number from 1 to 12, or JAN to DEC'],
  ['day of the week', 'a number from 0 to 7, or SUN to SAT'],
]

const longestText = 300

const splitFields = (text: string): readonly string[] => {
  if (text === '') throw new CronInvalid(null, 'There is no cron text.')
  if (text.length > longestText) throw new CronInvalid(null, `The cron text is longer than ${longestText} characters.`)
  const preset = text.startsWith('@') ? cronPresets.get(text.toLowerCase()) : text
  if (preset === undefined) {
    throw new CronInvalid(null, `“${text}” is no preset. There are ${[...cronPresets.keys()].join(', ')}.`)
  }
  const parts = preset.split(/\s+/)
  if (parts.length === fields.length) return parts
  const hint = parts.length === 6 ? ' Seconds cannot be set.' : ''
  const count = `This has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}.`
  throw new CronInvalid(
    null,
    `A cron text has five fields: minute, hour, day of the month, month, day of the week. ${count}${hint}`,
  )
}

const readPattern = (parts: readonly string[]): CronPattern | null => {
  // croner knows more (`L`, `W`, `#`, `?`, `+`): marks that other crons read differently or not at all.
  if (!parts.every((part) => /^([\d*,/-]|\b[a-z]{3}\b)+$/i.test(part))) return null
  try {
    return new CronPattern(parts.join(' '), undefined, { mode: '5-part' })
  } catch {
    return null
  }
}

const findProblem = (parts: readonly string[]): CronInvalid => {
  for (const [index, [name, words]] of fields.entries()) {
    const part = parts[index] ?? ''
    if (readPattern(fields.map((_, other) => (other === index ? part : '*')))) continue
    return new CronInvalid(
      name,
      `“${part}” is not ${words}, nor a range (A-B), step (*/N, A-B/N) or list (A,B) of these.`,
    )
  }
  return new CronInvalid(null, 'The cron text is not understood.')
}

let lastMatcher: { readonly cron: Cron; readonly matcher: Croner } | undefined

/** What finds the wall times that match; it takes and gives them as if they were UTC. */
export const openMatcher = (cron: Cron): Croner => {
  if (lastMatcher?.cron !== cron) {
    // Only the last is kept, as each takes 80 kB.
    const matcher = new Croner(cron.text, { mode: '5-part', utcOffset: 0, domAndDow: !cron.isEitherDay })
    lastMatcher = { cron, matcher }
  }
  return lastMatcher.matcher
}

const indexesOf = (flags: readonly number[], first = 0): readonly number[] =>
  flags.flatMap((flag, index) => (flag ? [index + first] : []))

/**
 * The cron text, checked: five fields of `*`, numbers, names (JAN, MON; 0 and 7 are Sunday), ranges, steps and lists, or
 * one of `cronPresets`. The zone is checked along, as both are typed together.
 * Throws `CronInvalid`, `CronNeverFires`, `TimeZoneUnknown`.
 */
export const parseCron = (text: string, timeZone: string): Cron => {
  const parts = splitFields(text.trim())
  const pattern = readPattern(parts)
  if (!pattern) throw findProblem(parts)
  checkTimeZone(timeZone)
  const [minutes = '', , day = '', , weekday = ''] = parts
  const isHourly = pattern.hour.every(Boolean)
  const cron: Cron = {
    text: parts.join(' '),
    minutes: indexesOf(pattern.minute),
    hours: indexesOf(pattern.hour),
    daysOfMonth: new Set(indexesOf(pattern.day, 1)),
    months: new Set(indexesOf(pattern.month, 1)),
    daysOfWeek: new Set(indexesOf(pattern.dayOfWeek)),
    isEitherDay: !day.startsWith('*') && !weekday.startsWith('*'),
    isHourly,
    isRepeated: isHourly || minutes.startsWith('*'),
  }
  if (!openMatcher(cron).nextRun(new Date(0))) throw new CronNeverFires(cron.text)
  return cron
}

/** When it runs, in plain English: “At 02:30, Monday through Friday”. */
export const describeCron = (cron: Cron): string =>
  cronstrue.toString(cron.text, { use24HourTimeFormat: true, logicalAndDayFields: !cron.isEitherDay })
