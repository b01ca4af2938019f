import { expect, test } from 'vitest'
import { type CronChoice, changeKind, readCron, writeCron } from '../../web/src/pages/schedules/cron-choice.ts'

const choices: [CronChoice, string][] = [
  [{ kind: 'hourly', minute: 5 }, '5 * * * *'],
  [{ kind: 'daily', time: '02:30' }, '30 2 * * *'],
  [{ kind: 'weekly', days: [0, 1, 5], time: '23:00' }, '0 23 * * 0,1,5'],
  [{ kind: 'monthly', day: 31, time: '00:00' }, '0 0 31 * *'],
]

test.each(choices)('should write and read %j', (choice, cron) => {
  expect(writeCron(choice)).toBe(cron)
  expect(readCron(cron)).toEqual(choice)
})

test.each([
  ['@daily', { kind: 'daily', time: '00:00' }],
  ['@Weekly', { kind: 'weekly', days: [0], time: '00:00' }],
  [' 0  4 * * MON-fri ', { kind: 'weekly', days: [1, 2, 3, 4, 5], time: '04:00' }],
  ['0 4 * * 5-7', { kind: 'weekly', days: [0, 5, 6], time: '04:00' }],
])('should read other ways to write the same: %s', (cron, choice) => {
  expect(readCron(cron)).toEqual(choice)
})

test.each([
  '',
  '*/5 * * * *',
  '0 2 1 * 1',
  '0 2 * 6 *',
  '0 2,4 * * *',
  '0 2 * * 5-1',
  '0 2 * * 1-',
  '0 2 * * 1-2-3',
  '0 2 * * ,',
  '0 2 L * *',
  '60 2 * * *',
  '0 24 * * *',
  '0 2 0 * *',
  '0 2 32 * *',
  '* * * * * *',
  '@yearly',
])('should leave alone what none of the choices says: “%s”', (cron) => {
  expect(readCron(cron)).toBeUndefined()
})

test('should put the days of a week in order without changing the list', () => {
  const days = [5, 1]
  expect(writeCron({ kind: 'weekly', days, time: '01:00' })).toBe('0 1 * * 1,5')
  expect(days).toEqual([5, 1])
})

test('should keep the time when the kind changes', () => {
  expect(changeKind({ kind: 'daily', time: '04:15' }, 'monthly')).toEqual({ kind: 'monthly', day: 1, time: '04:15' })
  expect(changeKind({ kind: 'daily', time: '04:15' }, 'hourly')).toEqual({ kind: 'hourly', minute: 15 })
  expect(changeKind({ kind: 'hourly', minute: 5 }, 'weekly')).toEqual({ kind: 'weekly', days: [1], time: '02:05' })
  expect(changeKind(undefined, 'daily')).toEqual({ kind: 'daily', time: '02:00' })
})
