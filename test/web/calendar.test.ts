import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dateOf, firstDate, gather, sayRuns, weekFrom } from '../../web/src/pages/schedules/calendar.ts'

const before = process.env.TZ

beforeAll(() => {
  process.env.TZ = 'Europe/Berlin'
})

afterAll(() => {
  if (before === undefined) delete process.env.TZ
  else process.env.TZ = before
})

const schedule = (id: string) => ({ id, name: id })
/** Runs every so many minutes, from a moment on. */
const every = (minutes: number, count: number, from = '2026-11-23T00:00:00.000Z', id = 'a') =>
  Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.parse(from) + index * minutes * 60_000).toISOString()
    return { at, scheduledFor: at, schedule: schedule(id) }
  })

test('should begin and end days at midnight where the viewer is', () => {
  const [first, , , , , , last] = weekFrom('2026-11-23')
  expect(first).toEqual({ date: '2026-11-23', from: '2026-11-22T23:00:00.000Z', to: '2026-11-23T23:00:00.000Z' })
  expect(last).toMatchObject({ date: '2026-11-29', to: '2026-11-29T23:00:00.000Z' })
})

test('should know days of 23 and of 25 hours', () => {
  const hours = (date: string) => {
    const [day] = weekFrom(date)
    return (Date.parse(day?.to ?? '') - Date.parse(day?.from ?? '')) / 3_600_000
  }
  expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25')]).toEqual([24, 23, 25])
})

test('should leave no gap between the days of a week', () => {
  const days = weekFrom('2026-10-23')
  expect(days.slice(1).map(({ from }) => from)).toEqual(days.slice(0, -1).map(({ to }) => to))
})

test('should count days over the ends of months and years', () => {
  expect(addDays('2026-12-30', 7)).toBe('2027-01-06')
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29')
})

test('should take the date from the viewer’s clock', () => {
  expect(dateOf(new Date('2026-11-23T23:30:00Z'))).toBe('2026-11-24')
})

test.each([
  [undefined, '2026-11-23'],
  ['2026-11-30', '2026-11-30'],
  ['2026-11-01', '2026-11-23'],
  ['2026-02-30', '2026-11-23'],
  ['2026-13-01', '2026-11-23'],
  ['tomorrow', '2026-11-23'],
])('should show the week from %s', (wanted, shown) => {
  expect(firstDate(wanted, '2026-11-23')).toBe(shown)
})

test('should gather many runs of one schedule, and list few', () => {
  const runs = [...every(5, 288), ...every(360, 4, '2026-11-23T01:00:00.000Z', 'b')].sort((one, other) =>
    one.at.localeCompare(other.at),
  )
  const entries = gather(runs)
  expect(entries.map(({ schedule: { id }, runs: { length } }) => [id, length])).toEqual([
    ['a', 288],
    ['b', 1],
    ['b', 1],
    ['b', 1],
    ['b', 1],
  ])
  expect(entries[0]?.runs.at(-1)?.at).toBe('2026-11-23T23:55:00.000Z')
})

test.each([
  [every(5, 288), 'every 5 minutes, 288 runs'],
  [every(1, 1440), 'every minute, 1,440 runs'],
  [every(60, 24), 'every hour, 24 runs'],
  [every(120, 12), 'every 2 hours, 12 runs'],
  [[...every(60, 5), ...every(60, 5, '2026-11-23T12:00:00.000Z')], '10 runs'],
  [every(60, 1), '1 run'],
])('should say how often', (runs, words) => {
  expect(sayRuns(runs)).toBe(words)
})

test('should tell the rhythm by the times of the schedule, not by how late runs begin', () => {
  const late = every(60, 6).map((run, index) => ({
    ...run,
    at: new Date(Date.parse(run.at) + index * 61_000).toISOString(),
  }))
  expect(sayRuns(late)).toBe('every hour, 6 runs')
})
