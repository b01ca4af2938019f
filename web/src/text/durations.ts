/** The units that a length of time is asked for in, with the seconds in each. */
export const durationUnits = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const

export type DurationUnit = keyof typeof durationUnits

/** Seconds in the largest unit that divides them: 5400 is 90 minutes. */
export const splitDuration = (seconds: number): { amount: number; unit: DurationUnit } => {
  const units = Object.entries(durationUnits) as [DurationUnit, number][]
  const [unit, length] = units.findLast(([, length]) => seconds > 0 && seconds % length === 0) ?? ['seconds', 1]
  return { amount: seconds / length, unit }
}
