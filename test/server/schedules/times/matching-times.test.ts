import { describe, expect, it } from 'vitest'
import { parseCron } from '../../../../server/schedules/times/cron.ts'
import { nextRuns, previousRun, runsBetween } from '../../../../server/schedules/times/matching-times.ts'
import { walkMinutes, walkRuns } from './minute-walk.ts'
import { pickCronText, pickMonths, pickZone, seedRandom } from './random.ts'

const short = (date: Date) => date.toISOString().replace(':00.000Z', 'Z')

const expectRuns = (text: string, timeZone: string, from: string, runs: readonly string[]) => {
  const cron = parseCron(text, timeZone)
  expect(nextRuns(cron, timeZone, new Date(from), runs.length).map(short)).toEqual(runs)
  const backwards = runs.toReversed().slice(0, -1)
  expect(backwards.map((run) => previousRun(cron, timeZone, new Date(run))).map((run) => run && short(run))).toEqual(
    runs.toReversed().slice(1),
  )
}

describe('where the clock does not change', () => {
  it('should be exact to the minute and leave out the moment itself', () => {
    expectRuns('30 2 * * *', 'UTC', '2026-01-01T02:30Z', ['2026-01-02T02:30Z', '2026-01-03T02:30Z'])
    expectRuns('30 2 * * *', 'UTC', '2026-01-01T02:29:59.999Z', ['2026-01-01T02:30Z', '2026-01-02T02:30Z'])
    expectRuns('* * * * *', 'UTC', '2026-01-01T02:30:00.001Z', ['2026-01-01T02:31Z', '2026-01-01T02:32Z'])
  })

  it('should know a zone that is 5:45 ahead', () => {
    expectRuns('0 0 * * *', 'Asia/Kathmandu', '2026-01-01T00:00Z', ['2026-01-01T18:15Z', '2026-01-02T18:15Z'])
  })

  it('should find days that are years away', () => {
    expectRuns('0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', ['2104-02-29T00:00Z', '2108-02-29T00:00Z'])
    expectRuns('0 0 29 2 */7', 'UTC', '2026-01-01T00:00Z', ['2032-02-29T00:00Z', '2060-02-29T00:00Z'])
  })

  it('should take either day field, and both where one begins with a star', () => {
    expectRuns('0 0 13 * FRI', 'UTC', '2026-03-01T00:00Z', ['2026-03-06T00:00Z', '2026-03-13T00:00Z'])
    expectRuns('0 0 10 * FRI', 'UTC', '2026-03-06T00:00Z', ['2026-03-10T00:00Z', '2026-03-13T00:00Z'])
    expectRuns('0 0 */2 * FRI', 'UTC', '2026-03-01T00:00Z', ['2026-03-13T00:00Z', '2026-03-27T00:00Z'])
  })

  it('should know of no run before 1970 and after 9999', () => {
    const cron = parseCron('0 0 * * *', 'UTC')
    expect(previousRun(cron, 'UTC', new Date('1960-01-01T00:00Z'))).toBeNull()
    expect(nextRuns(cron, 'UTC', new Date(8.64e15), 1)).toEqual([])
    expect(nextRuns(cron, 'UTC', new Date(-8.64e15), 1)).toHaveLength(1)
    expect(previousRun(cron, 'UTC', new Date(8.64e15))?.toISOString()).toBe('9999-12-31T00:00:00.000Z')
  })
})

describe('where the clock skips an hour', () => {
  it('should run fixed times once, at the first moment after it (Berlin)', () => {
    expectRuns('30 2 * * *', 'Europe/Berlin', '2026-03-28T01:00Z', [
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ])
    expectRuns('0,30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:00Z'])
    expectRuns('30 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-29T01:30Z'])
    expectRuns('0 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:00Z'])
  })

  it('should run fixed times once (New York)', () => {
    expectRuns('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z'])
  })

  it('should run what is due at a midnight that does not exist (Havana)', () => {
    expectRuns('0 0 * * *', 'America/Havana', '2026-03-07T12:00Z', ['2026-03-08T05:00Z', '2026-03-09T04:00Z'])
  })

  it('should go on each real hour', () => {
    expectRuns('30 * * * *', 'Europe/Berlin', '2026-03-28T23:00Z', [
      '2026-03-28T23:30Z',
      '2026-03-29T00:30Z',
      '2026-03-29T01:30Z',
    ])
  })

  it('should know a change of half an hour (Lord Howe)', () => {
    expectRuns('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z'])
    expectRuns('45 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', ['2026-10-03T15:45Z', '2026-10-04T15:45Z'])
  })

  it('should make up for a day that is skipped (Apia)', () => {
    expectRuns('0 12 * * *', 'Pacific/Apia', '2011-12-29T12:00Z', [
      '2011-12-29T22:00Z',
      '2011-12-30T10:00Z',
      '2011-12-30T22:00Z',
    ])
    expectRuns('0 12 30 12 *', 'Pacific/Apia', '2011-12-01T00:00Z', ['2011-12-30T10:00Z', '2012-12-29T22:00Z'])
    expectRuns('0 * * * *', 'Pacific/Apia', '2011-12-30T08:30Z', ['2011-12-30T09:00Z', '2011-12-30T10:00Z'])
  })
})

describe('where the clock repeats an hour', () => {
  it('should run fixed times once (Berlin, New York)', () => {
    expectRuns('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z'])
    expectRuns('0,30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', [
      '2026-11-01T05:00Z',
      '2026-11-01T05:30Z',
      '2026-11-02T06:00Z',
    ])
  })

  it('should go on each real hour', () => {
    const hours = ['2026-10-24T23:30Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T02:30Z']
    expectRuns('30 * * * *', 'Europe/Berlin', '2026-10-24T23:00Z', hours)
    expectRuns('30 0-23 * * *', 'Europe/Berlin', '2026-10-24T23:00Z', hours)
  })

  it('should go on every so many minutes', () => {
    expectRuns('*/30 2 * * *', 'Europe/Berlin', '2026-10-24T23:00Z', [
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
      '2026-10-26T01:00Z',
    ])
  })

  it('should know a change of half an hour (Lord Howe)', () => {
    expectRuns('45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T12:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z'])
    expectRuns('*/15 * * * *', 'Australia/Lord_Howe', '2026-04-04T14:40Z', [
      '2026-04-04T14:45Z',
      '2026-04-04T15:00Z',
      '2026-04-04T15:15Z',
      '2026-04-04T15:30Z',
    ])
  })
})

describe('runsBetween', () => {
  it('should hold the first moment, not the last, and at most the limit', () => {
    const cron = parseCron('0 * * * *', 'UTC')
    const from = new Date('2026-01-01T00:00Z')
    const to = new Date('2026-01-01T03:00Z')
    const hours = ['2026-01-01T00:00Z', '2026-01-01T01:00Z', '2026-01-01T02:00Z']
    expect(runsBetween(cron, 'UTC', from, to, 100).map(short)).toEqual(hours)
    expect(runsBetween(cron, 'UTC', from, to, 2).map(short)).toEqual(hours.slice(0, 2))
    expect(runsBetween(cron, 'UTC', to, from, 100)).toEqual([])
    expect(runsBetween(cron, 'UTC', from, to, 0)).toEqual([])
  })
})

describe('random crons', () => {
  it('should run as a walk through every minute says, forwards and backwards', () => {
    const random = seedRandom(20_260_329)
    const walks = new Map<string, ReturnType<typeof walkMinutes>>()
    let checked = 0
    for (let round = 0; round < 40; round++) {
      const text = pickCronText(random)
      const timeZone = pickZone(random)
      const [from, to] = pickMonths(random)
      const key = `${timeZone} ${from}`
      const minutes = walks.get(key) ?? walkMinutes(timeZone, from, to)
      walks.set(key, minutes)
      const cron = parseCron(text, timeZone)
      const expected = walkRuns(cron, minutes)
      const runs = runsBetween(cron, timeZone, new Date(Date.parse(from) + 1), new Date(to), 1e6).map(Number)
      expect(runs, `${text} ${timeZone}`).toEqual(expected)
      const backwards: number[] = []
      let run = previousRun(cron, timeZone, new Date(to))
      while (run && run.getTime() > Date.parse(from)) {
        backwards.unshift(run.getTime())
        run = previousRun(cron, timeZone, run)
      }
      expect(backwards, `${text} ${timeZone} backwards`).toEqual(expected)
      checked += expected.length
    }
    expect(checked).toBeGreaterThan(10_000)
  })
})
