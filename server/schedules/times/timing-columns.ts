import { z } from 'zod'
import type { Schedule } from '../../../prisma/generated/client/client.ts'
import { Problem } from '../../problems.ts'
import { describeCron, parseCron } from './cron.ts'
import { later, type Timing } from './timing.ts'
import { parseWindow } from './windows.ts'

/** A window as `Schedule.window` holds it: local times such as `22:00`, and days of the week (Sunday is 0) or null. */
export const storedWindow = z.object({
  from: z.string(),
  to: z.string(),
  weekdays: z
    .array(z.number())
    .nullish()
    .transform((weekdays) => weekdays ?? null),
})

export type StoredWindow = z.output<typeof storedWindow>

/** The columns of a schedule that its times follow from. */
export type TimingColumns = Pick<Schedule, 'id' | 'cron' | 'timeZone' | 'window' | 'jitter' | 'lastScheduledFor'> & {
  readonly validFrom?: Date | null
}

/** Throws the problems of `cron.ts`, `windows.ts` and `zones.ts`, such as for a zone that the system knows no more. */
export const timingOf = (schedule: TimingColumns): Timing => {
  const window = schedule.window === null ? null : storedWindow.parse(schedule.window)
  return {
    id: schedule.id,
    cron: parseCron(schedule.cron, schedule.timeZone),
    timeZone: schedule.timeZone,
    jitterSeconds: schedule.jitter,
    window: window && parseWindow(window.from, window.to, window.weekdays),
    lastScheduledFor: later(schedule.lastScheduledFor, schedule.validFrom ?? null),
  }
}

/** What `read` gives; null where it throws because the times of a schedule cannot be computed any more. */
const orNull = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** The same, and null where that throws a problem: one such schedule must not hide the others. */
export const findTiming = (schedule: TimingColumns): Timing | null => orNull(() => timingOf(schedule))

/** When a schedule runs, in plain English; its cron text where the system knows its zone no more. */
export const describeTimes = ({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>): string =>
  orNull(() => describeCron(parseCron(cron, timeZone))) ?? cron
