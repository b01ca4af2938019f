import { describe, expect, it } from 'vitest'
import { CronInvalid, CronNeverFires, TimeZoneUnknown } from '../../../../server/schedules/problems.ts'
import { cronPresets, describeCron, parseCron } from '../../../../server/schedules/times/cron.ts'

const problemOf = (text: string, timeZone = 'UTC'): unknown => {
  try {
    return parseCron(text, timeZone)
  } catch (problem) {
    return problem
  }
}

describe('parseCron', () => {
  it('should read five fields with ranges, steps, lists and names', () => {
    const cron = parseCron(' */20,5  9-17/4 1,15 JAN-mar,12 Mon-FRI ', 'Europe/Berlin')
    expect(cron).toMatchObject({
      text: '*/20,5 9-17/4 1,15 JAN-mar,12 Mon-FRI',
      minutes: [0, 5, 20, 40],
      hours: [9, 13, 17],
      daysOfMonth: new Set([1, 15]),
      months: new Set([1, 2, 3, 12]),
      daysOfWeek: new Set([1, 2, 3, 4, 5]),
    })
  })

  it.each([
    ['0', [0]],
    ['7', [0]],
    ['SUN', [0]],
    ['FRI-SUN', [0, 5, 6]],
    ['5-7', [0, 5, 6]],
    ['SUN-MON', [0, 1]],
    ['*', [0, 1, 2, 3, 4, 5, 6]],
    ['*/2', [0, 2, 4, 6]],
    ['0-7', [0, 1, 2, 3, 4, 5, 6]],
  ])('should know the weekdays of %s', (text, days) => {
    expect([...parseCron(`0 0 * * ${text}`, 'UTC').daysOfWeek].sort()).toEqual(days)
  })

  it.each([...cronPresets])('should know %s as %s', (preset, text) => {
    expect(parseCron(preset.toUpperCase(), 'UTC')).toEqual(parseCron(text, 'UTC'))
  })

  it.each([
    ['60 * * * *', 'minute', 'The minute is wrong: “60” is not a number from 0 to 59, nor a range'],
    ['* 24 * * *', 'hour', 'The hour is wrong: “24” is not a number from 0 to 23, nor'],
    ['* * 0 * *', 'day of the month', 'The day of the month is wrong: “0” is not a number from 1 to 31, nor'],
    ['* * * 13 *', 'month', 'The month is wrong: “13” is not a number from 1 to 12, or JAN to DEC, nor'],
    [
      '* * * * 8',
      'day of the week',
      'The day of the week is wrong: “8” is not a number from 0 to 7, or SUN to SAT, nor',
    ],
    ['* * * MON *', 'month', 'not a number from 1 to 12'],
    ['-5 * * * *', 'minute', 'not a number'],
    ['1.5 * * * *', 'minute', 'not a number'],
    ['0x5 * * * *', 'minute', 'not a number'],
    ['? * * * *', 'minute', 'not a number'],
    ['0 0 L * *', 'day of the month', 'not a number'],
    ['0 0 * * 5#2', 'day of the week', 'not a number'],
    ['0 0 * * FRIL', 'day of the week', 'not a number'],
    ['0 0 * * +5', 'day of the week', 'not a number'],
    ['0 0 15W * *', 'day of the month', 'not a number'],
    ['0 0 * * JAN', 'day of the week', 'not a number'],
    ['0 0 * JANFEB *', 'month', 'not a number'],
    ['1,,2 * * * *', 'minute', 'not a number'],
    ['* 5-3 * * *', 'hour', 'not a number'],
    ['* 1-2-3 * * *', 'hour', 'not a number'],
    ['*/5/2 * * * *', 'minute', 'not a number'],
    ['*/0 * * * *', 'minute', 'not a number'],
    ['*/61 * * * *', 'minute', 'not a number'],
    ['*/ * * * *', 'minute', 'not a number'],
    ['5/15 * * * *', 'minute', 'step (*/N, A-B/N)'],
    ['', null, 'There is no cron text.'],
    ['* * * *', null, 'This has 4 fields.'],
    ['0 0 0 * * *', null, 'This has 6 fields. Seconds cannot be set.'],
    ['@reboot', null, 'is no preset'],
    [`${'1,'.repeat(200)}1 * * * *`, null, 'longer than 300 characters'],
  ])('should refuse %s', (text, field, message) => {
    const problem = problemOf(text)
    expect(problem).toBeInstanceOf(CronInvalid)
    expect(problem).toMatchObject({ field, message: expect.stringContaining(message) })
  })

  it.each(['0 0 30 2 *', '0 0 31 2,4,6,9,11 *', '0 0 30 FEB */2'])('should refuse %s, which never runs', (text) => {
    expect(problemOf(text)).toBeInstanceOf(CronNeverFires)
  })

  it.each(['0 0 29 2 *', '0 0 30 2 MON', '0 0 31 2,3 *'])('should take %s, which runs seldom', (text) => {
    expect(parseCron(text, 'UTC').text).toBe(text)
  })

  it.each(['', 'Europe/Nowhere', '+02:00', 'Berlin', '../etc/localtime', 'x'.repeat(9999)])(
    'should refuse the zone %j',
    (timeZone) => {
      const problem = problemOf('@daily', timeZone)
      expect(problem).toBeInstanceOf(TimeZoneUnknown)
      expect(String(problem).length).toBeLessThan(250)
    },
  )

  it.each(['UTC', 'Asia/Kathmandu', 'Asia/Katmandu', 'Pacific/Apia', 'America/Argentina/Buenos_Aires'])(
    'should know the zone %s',
    (timeZone) => {
      expect(() => parseCron('@daily', timeZone)).not.toThrow()
    },
  )
})

describe('describeCron', () => {
  it.each([
    ['30 2 * * *', 'At 02:30'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['0 22 * * MON-FRI', 'At 22:00, Monday through Friday'],
    ['0 0 13 * 5', 'At 00:00, on day 13 of the month, and on Friday'],
    ['0 0 */2 * 1', 'At 00:00, every 2 days in a month, only on Monday'],
    ['@monthly', 'At 00:00, on day 1 of the month'],
  ])('should say %s as “%s”', (text, words) => {
    expect(describeCron(parseCron(text, 'UTC'))).toBe(words)
  })
})
