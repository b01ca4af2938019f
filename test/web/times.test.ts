import { expect, test } from 'vitest'
import { sayDuration, sayExact, sayRelative, sayTimeLeft, secondsBetween } from '../../web/src/text/times.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString()

test.each([
  [0, 'just now'],
  [4, 'just now'],
  [-3, 'just now'],
  [12, '12 seconds ago'],
  [60, '1 minute ago'],
  [90, '2 minutes ago'],
  [3599, '60 minutes ago'],
  [5400, '90 minutes ago'],
  [47.6 * 3600, '2 days ago'],
  [70 * 3600, '3 days ago'],
  [-70 * 3600, 'in 3 days'],
  [-25.6 * 3600, 'in 26 hours'],
  [26 * 3600, '26 hours ago'],
  [2 * 86_400, '2 days ago'],
  [59 * 86_400, '59 days ago'],
  [90 * 86_400, '3 months ago'],
  [800 * 86_400, '2 years ago'],
  [-300, 'in 5 minutes'],
])('should say %d seconds ago as %s', (seconds, text) => {
  expect(sayRelative(before(seconds), now)).toBe(text)
})

test('should name the year and the time in the exact form', () => {
  expect(sayExact('2026-03-01T12:34:56Z')).toMatch(/2026.*34.*56/)
})

test.each([
  [0.2, '0 s'],
  [8, '8 s'],
  [59.6, '1 min'],
  [192, '3 min 12 s'],
  [7500, '2 h 5 min'],
  [7555, '2 h 6 min'],
  [86_395, '1 d'],
  [2 * 86_400 + 22.6 * 3600, '2 d 23 h'],
  [86_400 * 3 + 3600 * 4, '3 d 4 h'],
  [-5, '0 s'],
])('should say %d seconds as %s', (seconds, text) => {
  expect(sayDuration(seconds)).toBe(text)
})

test.each([
  [10, 'less than a minute left'],
  [60, 'about 1 minute left'],
  [170, 'about 3 minutes left'],
  [5400, 'about 90 minutes left'],
  [2.9 * 86_400, 'about 3 days left'],
  [3 * 3600, 'about 3 hours left'],
  [3 * 86_400, 'about 3 days left'],
])('should say that %d seconds are %s', (seconds, text) => {
  expect(sayTimeLeft(seconds)).toBe(text)
})

test('should measure up to now where there is no end', () => {
  expect(secondsBetween(before(90), before(30), now)).toBe(60)
  expect(secondsBetween(before(90), null, now)).toBe(90)
})
