import { describe, expect, it } from 'vitest'
import { type DecisionColumns, decide } from '../../../../server/schedules/times/decision.ts'
import { nextDue } from '../../../../server/schedules/times/timing.ts'
import { timingOf } from '../../../../server/schedules/times/timing-columns.ts'
import { isInWindow, parseWindow } from '../../../../server/schedules/times/windows.ts'
import { pickCronText, pickZone, seedRandom } from './random.ts'

const minute = 60_000
const hour = 60 * minute
const at = (text: string) => new Date(text)
const onTime = 5 * minute
const atStart = -1

const schedule = (changes: Partial<DecisionColumns> = {}): DecisionColumns => ({
  id: 'schedule',
  cron: '0 3 * * *',
  timeZone: 'UTC',
  window: null,
  jitter: 0,
  missedRunPolicy: 'RUN_ONCE',
  lastScheduledFor: null,
  nextRunAt: at('2026-01-05T03:00Z'),
  nextScheduledFor: at('2026-01-05T03:00Z'),
  lastLookedAt: at('2026-01-04T03:00Z'),
  validFrom: null,
  createdAt: at('2025-12-01T00:00Z'),
  ...changes,
})

const night = { from: '22:00', to: '06:00', weekdays: null }

/** As the clock writes it down. */
const applied = (row: DecisionColumns, decision: ReturnType<typeof decide>): DecisionColumns =>
  decision === null
    ? row
    : {
        ...row,
        nextRunAt: decision.next?.at ?? null,
        nextScheduledFor: decision.next?.scheduledFor ?? null,
        lastScheduledFor: decision.lastScheduledFor,
        lastLookedAt: decision.lastLookedAt,
        validFrom: decision.validFrom ?? row.validFrom,
      }

/** The runs that start when a schedule is looked at whenever it says, from a moment on. */
const starts = (row: DecisionColumns, from: Date, to: Date): readonly (readonly [at: Date, scheduledFor: Date])[] => {
  const found: (readonly [Date, Date])[] = []
  let now = from
  for (let lateness = atStart; now < to; lateness = onTime) {
    const decision = decide(row, now, lateness)
    if (decision?.start) found.push([now, decision.start])
    row = applied(row, decision)
    if (row.nextRunAt === null) break
    now = row.nextRunAt > now ? row.nextRunAt : new Date(now.getTime() + 1)
  }
  return found
}

describe('a run that is on time', () => {
  it('should start, also a little early, and once', () => {
    expect(decide(schedule(), at('2026-01-05T02:59:59.980Z'), onTime)).toBeNull()
    const early = at('2026-01-05T02:59:59.995Z')
    const decision = decide(schedule(), early, onTime)
    expect(decision).toMatchObject({ start: at('2026-01-05T03:00Z'), next: { at: at('2026-01-06T03:00Z') } })
    expect(decide(applied(schedule(), decision), early, onTime)).toBeNull()
    expect(decide(applied(schedule(), decision), at('2026-01-05T03:00Z'), onTime)).toBeNull()
  })

  it('should not be looked for where there is none and will be none', () => {
    const never = schedule({ nextRunAt: null, nextScheduledFor: null, cron: '0 0 29 2 *', missedRunPolicy: 'SKIP' })
    const end = at('+010000-06-01T00:00:00Z')
    expect(decide({ ...never, lastLookedAt: end }, end, onTime)).toBeNull()
  })
})

describe('a missed run', () => {
  it('should be left out by policy, and say for which time', () => {
    const row = schedule({ missedRunPolicy: 'SKIP' })
    expect(decide(row, at('2026-01-07T12:00Z'), atStart)).toEqual({
      start: null,
      leftOut: at('2026-01-07T03:00Z'),
      next: { at: at('2026-01-08T03:00Z'), scheduledFor: at('2026-01-08T03:00Z') },
      lastScheduledFor: null,
      lastLookedAt: at('2026-01-07T12:00Z'),
    })
  })

  it('should be the same run as the regular one of the opening that it waits for, with and without jitter', () => {
    for (const jitter of [0, 1800]) {
      const row = schedule({ cron: '0 * * * *', window: night, jitter })
      const runs = starts(row, at('2026-01-05T12:00Z'), at('2026-01-05T22:59Z'))
      expect(runs.map(([, scheduledFor]) => scheduledFor)).toEqual([at('2026-01-05T22:00Z')])
    }
  })

  it('should be started at the opening where no regular run is', () => {
    const row = schedule({ window: night, jitter: 600 })
    const runs = starts(row, at('2026-01-05T12:00Z'), at('2026-01-06T12:00Z'))
    expect(runs.map(([, scheduledFor]) => scheduledFor)).toEqual([at('2026-01-05T03:00Z'), at('2026-01-06T03:00Z')])
    expect(runs[0]?.[0]).toEqual(at('2026-01-05T22:00Z'))
  })

  it('should not be made up for while only its jitter holds the next one back', () => {
    const row = schedule({ jitter: 4 * 3600 })
    const due = nextDue(timingOf(row), at('2026-01-07T02:59Z'))
    if (due === null || due.at.getTime() - due.scheduledFor.getTime() < minute) throw new Error('There is no jitter')
    const runs = starts(row, at('2026-01-07T03:00:30Z'), at('2026-01-07T12:00Z'))
    expect(runs).toEqual([[due.at, at('2026-01-07T03:00Z')]])
  })
})

describe('a clock that was ahead', () => {
  const monthly = schedule({
    cron: '0 3 1 * *',
    lastScheduledFor: at('2026-01-01T03:00Z'),
    nextRunAt: at('2026-02-01T03:00Z'),
    nextScheduledFor: at('2026-02-01T03:00Z'),
    lastLookedAt: at('2026-01-01T03:00Z'),
  })
  const look = (row: DecisionColumns, now: string) => {
    const decision = decide(row, at(now), onTime)
    return { row: applied(row, decision), start: decision?.start ?? null }
  }

  it('should take no run away once it was set right, however rare they are', () => {
    for (const wrong of ['2026-02-01T04:00Z', '2027-01-05T12:00Z']) {
      let { row } = look(monthly, wrong)
      row = look(row, '2026-01-05T12:00Z').row
      for (const due of ['2026-02-01T03:00Z', '2026-03-01T03:00Z']) {
        expect(row.nextRunAt).toEqual(at(due))
        const looked = look(row, due)
        expect(looked.start).toEqual(at(due))
        row = looked.row
      }
    }
  })

  it('should have nothing run again where it was ahead by less than a day', () => {
    const daily = look(schedule(), '2026-01-05T03:00Z').row
    const early = look(daily, '2026-01-06T03:00Z').row
    const { row } = look(early, '2026-01-05T12:00Z')
    expect(row).toMatchObject({ lastScheduledFor: at('2026-01-06T03:00Z'), nextRunAt: at('2026-01-07T03:00Z') })
  })
})

describe('a schedule that is new', () => {
  const yearly = schedule({
    cron: '0 0 1 1 *',
    createdAt: at('2026-11-20T12:00Z'),
    lastLookedAt: at('2025-06-01T00:00Z'),
  })
  const next = { at: at('2027-01-01T00:00Z'), scheduledFor: at('2027-01-01T00:00Z') }

  it('should make up for nothing before it was made, or got its times, whatever a wrong clock has looked at', () => {
    const now = at('2026-11-27T12:00Z')
    expect(decide(yearly, now, atStart)).toMatchObject({ start: null, leftOut: null, next })
    const edited = { ...yearly, createdAt: at('2025-07-01T00:00Z'), validFrom: at('2026-11-21T00:00Z') }
    expect(decide(edited, now, atStart)).toMatchObject({ start: null, leftOut: null, next })
    const older = { ...yearly, createdAt: at('2025-07-01T00:00Z') }
    expect(decide(older, now, atStart)).toMatchObject({ start: at('2026-01-01T00:00Z') })
  })

  it('should not begin what only its jitter holds back', () => {
    const row = schedule({
      jitter: 4 * 3600,
      validFrom: at('2026-01-07T03:00:10Z'),
      nextRunAt: null,
      nextScheduledFor: null,
    })
    const decision = decide(row, at('2026-01-07T03:00:10Z'), onTime)
    expect(decision?.next?.scheduledFor).toEqual(at('2026-01-08T03:00Z'))
  })

  it('should run from now on where the clock that it was made by had only begun to count, or was years ahead', () => {
    const now = at('2026-11-27T12:00Z')
    const born = { ...yearly, createdAt: new Date(0), lastLookedAt: new Date(0) }
    expect(decide(born, now, atStart)).toMatchObject({ start: null, next, validFrom: now })
    const ahead = at('2036-05-05T00:00Z')
    const future = { ...schedule({ createdAt: ahead, lastLookedAt: ahead, nextRunAt: ahead, nextScheduledFor: ahead }) }
    const due = at('2026-11-28T03:00Z')
    expect(decide(future, now, onTime)).toMatchObject({ start: null, next: { at: due } })
    expect(decide(applied(future, decide(future, now, onTime)), due, onTime)).toMatchObject({ start: due })
  })
})

describe('random outages', () => {
  it('should never start a time twice, nor outside of the window, nor lose the last one that was missed', () => {
    const random = seedRandom(7)
    let startCount = 0
    for (let round = 0; round < 60; round++) {
      const timeZone = pickZone(random)
      const begin = at(random() < 0.5 ? '2026-03-20T00:00Z' : '2026-10-20T00:00Z').getTime()
      const isWindowed = random() < 0.5
      const row = schedule({
        id: `s${round}`,
        cron: pickCronText(random),
        timeZone,
        window: isWindowed ? night : null,
        jitter: Math.floor(random() * 2) * Math.floor(random() * 5000),
      })
      const named = JSON.stringify([row.cron, timeZone, row.jitter, row.window])
      const first = nextDue(timingOf(row), new Date(begin))
      const off = begin + Math.floor(random() * 200 * hour)
      const until = new Date(off + 4 * 24 * hour)
      const runs = starts(
        {
          ...row,
          nextRunAt: first?.at ?? null,
          nextScheduledFor: first?.scheduledFor ?? null,
          lastLookedAt: new Date(begin),
        },
        new Date(off),
        until,
      )
      const times = runs.map(([, scheduledFor]) => scheduledFor.getTime())
      expect(times, named).toEqual([...new Set(times)].sort((one, other) => one - other))
      if (isWindowed) {
        for (const [now] of runs) expect(isInWindow(now, parseWindow('22:00', '06:00'), timeZone), named).toBe(true)
      }
      const wasMissed = first !== null && first.at.getTime() <= off
      if (wasMissed) expect(runs.length, named).toBeGreaterThan(0)
      startCount += runs.length
    }
    expect(startCount).toBeGreaterThan(500)
  })
})
