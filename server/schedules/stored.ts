import { z } from 'zod'
import type { Schedule } from '../../prisma/generated/client/client.ts'
import { parseCron } from './cron.ts'
import type { Timing } from './timing.ts'
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
export type TimingColumns = Pick<Schedule, 'id' | 'cron' | 'timeZone' | 'window' | 'jitter' | 'lastScheduledFor'>

/** Throws the problems of `cron.ts`, `windows.ts` and `zones.ts`, such as for a zone that the system knows no more. */
export const timingOf = (schedule: TimingColumns): Timing => {
  const window = schedule.window === null ? null : storedWindow.parse(schedule.window)
  return {
    id: schedule.id,
    cron: parseCron(schedule.cron, schedule.timeZone),
    timeZone: schedule.timeZone,
    jitterSeconds: schedule.jitter,
    window: window && parseWindow(window.from, window.to, window.weekdays),
    lastScheduledFor: schedule.lastScheduledFor,
  }
}
