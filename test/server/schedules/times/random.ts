import type { AllowedWindow } from '../../../../server/schedules/times/windows.ts'

/** Numbers from 0 to 1 (not included), the same ones for the same seed (mulberry32). */
export const seedRandom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = ReturnType<typeof seedRandom>

const pick = <T>(random: Random, choices: readonly T[]): T => {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new Error('Nothing to choose from')
  return choice
}

export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Kathmandu',
  'UTC',
] as const

/** Cron texts that like the hours in which clocks change. */
export const pickCronText = (random: Random): string =>
  [
    pick(random, ['0', '30', '59', '*', '*/7', '*/15', '0,30', '15-45/10', '1,59']),
    pick(random, ['*', '*/2', '0', '1', '2', '2,3', '0-5', '22-23', '1-3/2', '14']),
    pick(random, ['*', '*', '*', '*/2', '1', '29-31', '8,25']),
    pick(random, ['*', '*', '*', 'MAR,OCT', '*/3']),
    pick(random, ['*', '*', '*', 'SUN', 'MON-FRI', 'SAT-SUN', '*/2']),
  ].join(' ')

export const pickWindow = (random: Random): AllowedWindow | null => {
  if (random() < 0.25) return null
  const from = pick(random, [0, 60, 90, 120, 150, 1320, 1439, Math.floor(random() * 1440)])
  const to = pick(random, [1, 119, 150, 181, 360, 1440, Math.floor(random() * 1440)])
  return {
    from,
    to: from === to ? to + 1 : to,
    weekdays: pick(random, [null, null, new Set([0]), new Set([1, 2, 3, 4, 5])]),
  }
}

/** A few months over a change of the clock, in one direction or the other. */
export const pickMonths = (random: Random): readonly [from: string, to: string] =>
  pick(random, [
    ['2026-02-20T00:00Z', '2026-04-20T00:00Z'],
    ['2026-09-20T00:00Z', '2026-11-20T00:00Z'],
  ])

export const pickZone = (random: Random): string => pick(random, zones)
