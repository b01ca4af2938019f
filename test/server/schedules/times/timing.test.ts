import { describe, expect, it } from 'vitest'
import { parseCron } from '../../../../server/schedules/times/cron.ts'
import { findRunAfter } from '../../../../server/schedules/times/matching-times.ts'
import { type Due, missedRun, nextDue, overlapProblem, type Timing } from '../../../../server/schedules/times/timing.ts'
import { isInWindow, parseWindow } from '../../../../server/schedules/times/windows.ts'
import { walkMinutes, walkScheduled } from './minute-walk.ts'
import { pickCronText, pickMonths, pickWindow, pickZone, seedRandom } from './random.ts'

const timing = (text: string, changes: Partial<Timing> = {}): Timing => {
  const timeZone = changes.timeZone ?? 'UTC'
  return {
    id: 'schedule',
    cron: parseCron(text, timeZone),
    timeZone,
    jitterSeconds: 0,
    window: null,
    lastScheduledFor: null,
    ...changes,
  }
}

const short = (date: Date) => date.toISOString().replace(':00.000Z', 'Z')
const at = (text: string) => new Date(text)
const dueAt = (due: Due | null) => due && short(due.at)

const dueBetween = (schedule: Timing, from: Date, to: Date, limit = Number.POSITIVE_INFINITY): readonly Due[] => {
  const found: Due[] = []
  let due = nextDue(schedule, from)
  while (due && due.at < to && found.length < limit) {
    found.push(due)
    due = nextDue(schedule, due.at)
  }
  return found
}

describe('a window', () => {
  const night = parseWindow('22:00', '06:00')

  it('should hold runs back until it opens, all of them as one', () => {
    const schedule = timing('0 */6 * * *', { window: night })
    const due = dueBetween(schedule, at('2026-01-01T00:00Z'), at('2026-01-03T12:00Z'))
    expect(due.map(dueAt)).toEqual(['2026-01-01T22:00Z', '2026-01-02T00:00Z', '2026-01-02T22:00Z', '2026-01-03T00:00Z'])
    expect(due.every(({ scheduledFor, at }) => scheduledFor.getTime() === at.getTime())).toBe(true)
  })

  it('should not hold back what is due at its opening, nor run it twice', () => {
    const schedule = timing('0 21,22 * * *', { window: night })
    const due = dueBetween(schedule, at('2026-01-01T00:00Z'), at('2026-01-03T00:00Z'))
    expect(due.map(dueAt)).toEqual(['2026-01-01T22:00Z', '2026-01-02T22:00Z'])
  })

  it('should be by the clock of the zone', () => {
    const schedule = timing('0 12 * * *', { window: night, timeZone: 'America/New_York' })
    const due = dueBetween(schedule, at('2026-03-07T12:00Z'), at('2026-03-09T12:00Z'))
    expect(due.map(dueAt)).toEqual(['2026-03-08T03:00Z', '2026-03-09T02:00Z'])
  })
})

describe('jitter', () => {
  it('should spread schedules evenly, from none to all of it', () => {
    const starts = Array.from({ length: 6000 }, (_, index) => {
      const due = nextDue(timing('0 2 * * *', { id: `s${index}`, jitterSeconds: 59 }), at('2026-01-01T00:00Z'))
      expect(due && short(due.scheduledFor)).toBe('2026-01-01T02:00Z')
      return ((due?.at.getTime() ?? 0) - Date.parse('2026-01-01T02:00Z')) / 1000
    })
    const counts = Array.from({ length: 60 }, (_, second) => starts.filter((start) => start === second).length)
    expect(counts.reduce((sum, count) => sum + count)).toBe(6000)
    expect(Math.min(...counts)).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThan(150)
  })

  it('should be the same for the same run, and differ between the runs of a schedule', () => {
    const schedule = timing('0 2 * * *', { jitterSeconds: 3600 })
    const due = dueBetween(schedule, at('2026-01-01T00:00Z'), at('2026-02-01T00:00Z'))
    expect(dueBetween({ ...schedule }, at('2026-01-01T00:00Z'), at('2026-02-01T00:00Z'))).toEqual(due)
    const delays = due.map(({ at, scheduledFor }) => at.getTime() - scheduledFor.getTime())
    expect(new Set(delays).size).toBeGreaterThan(25)
  })

  it('should not pass the next run, nor the end of the window', () => {
    const minutely = timing('* * * * *', { jitterSeconds: 86_400 })
    const due = dueBetween(minutely, at('2026-01-01T00:00Z'), at('2026-01-01T10:00Z'))
    expect(due).toHaveLength(600)
    expect(due.every(({ at, scheduledFor }) => at.getTime() - scheduledFor.getTime() < 60_000)).toBe(true)
    const closing = timing('58 5 * * *', { jitterSeconds: 86_400, window: parseWindow('22:00', '06:00') })
    const late = dueBetween(closing, at('2026-01-01T00:00Z'), at('2026-03-01T00:00Z'))
    expect(late).toHaveLength(59)
    expect(Math.max(...late.map(({ at, scheduledFor }) => at.getTime() - scheduledFor.getTime()))).toBeGreaterThan(
      90_000,
    )
    expect(late.every(({ at }) => at.getUTCHours() === 5)).toBe(true)
  })
})

describe('a clock that was set back', () => {
  const schedule = timing('0 * * * *', { lastScheduledFor: at('2026-01-01T12:00Z') })

  it('should not run the same times again', () => {
    expect(dueAt(nextDue(schedule, at('2026-01-01T11:30Z')))).toBe('2026-01-01T13:00Z')
    expect(dueAt(nextDue(schedule, at('2026-01-01T03:30Z')))).toBe('2026-01-01T13:00Z')
    expect(missedRun(schedule, at('2026-01-01T12:10Z'), at('2026-01-01T11:30Z'))).toBeNull()
    expect(missedRun(schedule, at('2026-01-01T10:10Z'), at('2026-01-01T11:30Z'))).toBeNull()
  })

  it('should not run a jittered time again before its own start', () => {
    const jittered = { ...schedule, jitterSeconds: 3000 }
    const due = nextDue({ ...jittered, lastScheduledFor: null }, at('2026-01-01T11:59:59Z'))
    expect(due?.scheduledFor).toEqual(jittered.lastScheduledFor)
    expect(nextDue(jittered, at('2026-01-01T12:00Z'))?.scheduledFor).toEqual(at('2026-01-01T13:00Z'))
  })

  it('should not wait for years after a clock that was far ahead', () => {
    const ahead = { ...schedule, lastScheduledFor: at('2099-01-01T12:00Z') }
    expect(dueAt(nextDue(ahead, at('2026-01-01T11:30Z')))).toBe('2026-01-01T12:00Z')
    const missed = missedRun(ahead, at('2026-01-01T11:30Z'), at('2026-01-01T12:30Z'))
    expect(missed && short(missed.scheduledFor)).toBe('2026-01-01T12:00Z')
  })
})

describe('missed runs', () => {
  const daily = timing('0 2 * * *')

  it('should be made up for once, now, by the last of them', () => {
    expect(missedRun(daily, at('2026-01-01T03:00Z'), at('2026-01-09T10:15Z'))).toEqual({
      scheduledFor: at('2026-01-09T02:00Z'),
      at: at('2026-01-09T10:15Z'),
    })
  })

  it('should be none when nothing came due, or when it was started', () => {
    expect(missedRun(daily, at('2026-01-01T02:00Z'), at('2026-01-02T01:59Z'))).toBeNull()
    expect(missedRun(daily, at('2026-01-01T02:00Z'), at('2026-01-02T02:00Z'))).not.toBeNull()
    const started = { ...daily, lastScheduledFor: at('2026-01-02T02:00Z') }
    expect(missedRun(started, at('2026-01-01T02:00Z'), at('2026-01-02T12:00Z'))).toBeNull()
  })

  it('should wait for the window', () => {
    const nightly = { ...daily, window: parseWindow('22:00', '06:00') }
    expect(missedRun(nightly, at('2026-01-01T03:00Z'), at('2026-01-02T05:00Z'))?.at).toEqual(at('2026-01-02T05:00Z'))
    expect(missedRun(nightly, at('2026-01-01T03:00Z'), at('2026-01-02T12:00Z'))).toEqual({
      scheduledFor: at('2026-01-02T02:00Z'),
      at: at('2026-01-02T22:00Z'),
    })
  })

  it('should not be what still waits for the window or its jitter', () => {
    const noon = timing('0 12 * * *', { window: parseWindow('22:00', '06:00') })
    expect(missedRun(noon, at('2026-01-01T23:00Z'), at('2026-01-02T21:59Z'))).toBeNull()
    const jittered = timing('0 2 * * *', { jitterSeconds: 3600 })
    const due = nextDue(jittered, at('2026-01-01T03:00Z'))
    if (!due) throw new Error('Nothing is due')
    expect(missedRun(jittered, at('2026-01-01T03:00Z'), new Date(due.at.getTime() - 1))).toBeNull()
    expect(missedRun(jittered, at('2026-01-01T03:00Z'), due.at)).toEqual(due)
  })
})

describe('overlapProblem', () => {
  it.each([
    ['SKIP', 0, false],
    ['QUEUE', 0, false],
    ['SKIP', 1, true],
    ['QUEUE', 1, false],
    ['QUEUE', 2, true],
  ] as const)('should, by %s with %i unfinished, leave a run out: %s', (policy, unfinishedJobs, isLeftOut) => {
    expect(overlapProblem(policy, unfinishedJobs)).toEqual(isLeftOut ? expect.stringMatching(/^[A-Z].*\.$/) : null)
  })
})

describe('random schedules', () => {
  it('should be due as a walk through every minute says, from wherever one looks', () => {
    const random = seedRandom(42)
    const walks = new Map<string, ReturnType<typeof walkMinutes>>()
    let checked = 0
    for (let round = 0; round < 60; round++) {
      const timeZone = pickZone(random)
      const months = pickMonths(random)
      const text = pickCronText(random)
      const window = pickWindow(random)
      const jitterSeconds = Math.floor(random() * 3) * Math.floor(random() * 7200)
      const schedule = timing(text, { id: `s${round}`, timeZone, window, jitterSeconds })
      const named = JSON.stringify([text, timeZone, window, jitterSeconds])

      const minutes = walks.get(timeZone + months) ?? walkMinutes(timeZone, ...months)
      walks.set(timeZone + months, minutes)
      const [from, to] = months.map(Date.parse) as [number, number]
      const expected = walkScheduled(schedule.cron, window, minutes)
      // What waits since before the walk began is unknown to it.
      const walkedFrom = from + 8 * 86_400_000
      const due = dueBetween(schedule, new Date(from), new Date(to + 86_400_000), 2500)
      const end = Math.min(to, due.at(-1)?.scheduledFor.getTime() ?? to)
      const isWalked = (time: number) => time >= walkedFrom && time < end
      expect(due.map(({ scheduledFor }) => scheduledFor.getTime()).filter(isWalked), named).toEqual(
        expected.filter(isWalked),
      )

      for (const [index, { at, scheduledFor }] of due.entries()) {
        const before = due[index - 1]
        expect(at >= scheduledFor && at.getTime() - scheduledFor.getTime() <= jitterSeconds * 1000, named).toBe(true)
        expect(at.getTime(), named).toBeLessThan(
          findRunAfter(schedule.cron, timeZone, scheduledFor.getTime()) ?? Number.POSITIVE_INFINITY,
        )
        if (window) expect(isInWindow(at, window, timeZone), named).toBe(true)
        if (!before) continue
        expect(at > before.at, named).toBe(true)
        expect(scheduledFor > before.scheduledFor, named).toBe(true)
        if (index > 150) continue
        const between = before.at.getTime() + Math.floor(random() * (at.getTime() - before.at.getTime()))
        expect(nextDue(schedule, new Date(between)), named).toEqual({ at, scheduledFor })
        const missed = missedRun(schedule, new Date(from - 1), new Date(between))
        expect(missed?.scheduledFor, `${named} missed at ${new Date(between).toISOString()}`).toEqual(
          before.scheduledFor,
        )
      }
      checked += due.length
    }
    expect(checked).toBeGreaterThan(10_000)
  })
})
