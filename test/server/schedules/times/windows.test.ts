import { describe, expect, it } from 'vitest'
import { WindowInvalid, WindowNeverOpens } from '../../../../server/schedules/problems.ts'
import {
  findLastOpen,
  isInWindow,
  nextOpening,
  openFor,
  parseWindow,
} from '../../../../server/schedules/times/windows.ts'
import { isOpen, walkMinutes } from './minute-walk.ts'
import { pickMonths, pickWindow, pickZone, seedRandom } from './random.ts'

const short = (date: Date | null) => date?.toISOString().replace(':00.000Z', 'Z')

describe('parseWindow', () => {
  it('should read local times', () => {
    expect(parseWindow('22:00', '6:30')).toEqual({ from: 1320, to: 390, weekdays: null })
    expect(parseWindow('00:00', '24:00', [6, 0])).toEqual({ from: 0, to: 1440, weekdays: new Set([0, 6]) })
  })

  it.each([
    ['22:00', '22:00', null],
    ['00:00', '0:00', null],
    ['22:00', '06:00', []],
  ])('should refuse %s to %s on %j, which never opens', (from, to, weekdays) => {
    expect(() => parseWindow(from, to, weekdays)).toThrow(WindowNeverOpens)
  })

  it.each([
    ['24:00', '06:00', null],
    ['22:00', '24:01', null],
    ['22:60', '06:00', null],
    ['22', '06:00', null],
    ['', '06:00', null],
    ['22:00', 'noon', null],
    ['22:00', '06:00', [7]],
    ['22:00', '06:00', [1.5]],
  ])('should refuse %s to %s on %j', (from, to, weekdays) => {
    expect(() => parseWindow(from, to, weekdays)).toThrow(WindowInvalid)
  })
})

describe('a window that passes midnight', () => {
  const window = parseWindow('22:00', '06:00', [5])

  it.each([
    ['2026-06-05T19:59:59.999Z', false],
    ['2026-06-05T20:00Z', true],
    ['2026-06-06T03:59:59.999Z', true],
    ['2026-06-06T04:00Z', false],
    ['2026-06-06T20:00Z', false],
    ['2026-06-05T03:00Z', false],
  ])('should belong to the day on which it opens (%s)', (at, isExpected) => {
    expect(isInWindow(new Date(at), window, 'Europe/Berlin')).toBe(isExpected)
  })

  it('should open next week again', () => {
    expect(short(nextOpening(new Date('2026-06-06T03:59Z'), window, 'Europe/Berlin'))).toBe('2026-06-06T03:59Z')
    expect(short(nextOpening(new Date('2026-06-06T04:00Z'), window, 'Europe/Berlin'))).toBe('2026-06-12T20:00Z')
  })
})

describe('openFor', () => {
  const window = parseWindow('22:00', '06:00')

  it.each([
    ['2026-12-31T22:00Z', 7],
    ['2026-12-31T20:30Z', 0],
    ['2026-03-28T23:00Z', 2],
    ['2026-03-29T01:00Z', 3],
  ])('should know from %s of %i hours, until it closes or the clock changes', (at, hours) => {
    expect(openFor(Date.parse(at), window, 'Europe/Berlin')).toBe(hours * 3_600_000)
  })
})

describe('a window at a change of the clock', () => {
  const window = parseWindow('02:00', '03:00')

  it('should stay closed on the day that skips it', () => {
    expect(short(nextOpening(new Date('2026-03-28T12:00Z'), window, 'Europe/Berlin'))).toBe('2026-03-30T00:00Z')
  })

  it('should be open at the end of what is skipped, where it lasts longer', () => {
    const longer = parseWindow('02:30', '04:00')
    expect(short(nextOpening(new Date('2026-03-28T12:00Z'), longer, 'Europe/Berlin'))).toBe('2026-03-29T01:00Z')
  })

  it('should be open in both hours where its hour is repeated', () => {
    const open = ['23:59', '00:00', '00:59', '01:00', '01:59', '02:00'].map((time) =>
      isInWindow(new Date(`2026-10-2${time > '20' ? 4 : 5}T${time}Z`), window, 'Europe/Berlin'),
    )
    expect(open).toEqual([false, true, true, true, true, false])
  })
})

describe('random windows', () => {
  it('should be open when a walk through every minute says so', () => {
    const random = seedRandom(7)
    for (let round = 0; round < 8; round++) {
      const timeZone = pickZone(random)
      const window = pickWindow(random) ?? parseWindow('23:30', '00:30', [0])
      const minutes = walkMinutes(timeZone, ...pickMonths(random))
      let lastOpen: number | null = null
      let closedSince: number | null = null
      const wrong: string[] = []
      for (const { at, wall } of minutes) {
        const isExpected = isOpen(window, wall)
        if (isInWindow(new Date(at), window, timeZone) !== isExpected) wrong.push(new Date(at).toISOString())
        if (isExpected && closedSince !== null) {
          expect(nextOpening(new Date(closedSince), window, timeZone)?.getTime()).toBe(at)
          if (lastOpen !== null) expect(findLastOpen(at - 1, window, timeZone)).toBe(lastOpen + 59_999)
        }
        closedSince = isExpected ? null : (closedSince ?? at)
        if (isExpected) lastOpen = at
      }
      expect(wrong, timeZone).toEqual([])
      expect(lastOpen).not.toBeNull()
    }
  })
})
