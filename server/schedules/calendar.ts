import type { Schedule } from '../../prisma/generated/client/client.ts'
import type { Database } from '../database/client.ts'
import { createStretches, type Pause } from '../taking-turns.ts'
import { type Due, nextDue } from './times/timing.ts'
import { findTiming, type TimingColumns } from './times/timing-columns.ts'

/** One run that is to come. */
export interface CalendarRun extends Due {
  readonly schedule: Schedule
}

export interface Calendar {
  readonly runs: readonly CalendarRun[]
  /** Whether more runs than these are between the dates. */
  readonly isTruncated: boolean
}

/** The columns of a schedule that its next runs follow from. */
export type RunColumns = TimingColumns & Pick<Schedule, 'nextRunAt' | 'nextScheduledFor'>

/** The runs of a schedule that are to come, the first at or after `from`; none where its times cannot be computed. */
export function* runsFrom(schedule: RunColumns, from: Date): Generator<Due, void> {
  const { nextRunAt, nextScheduledFor } = schedule
  const timing = findTiming(schedule)
  if (nextRunAt === null || nextScheduledFor === null || timing === null) return
  let due: Due | null =
    nextRunAt >= from
      ? { scheduledFor: nextScheduledFor, at: nextRunAt }
      : nextDue(timing, new Date(from.getTime() - 1))
  for (; due !== null; due = nextDue({ ...timing, lastScheduledFor: due.scheduledFor }, due.at)) yield due
}

const byTime = (one: CalendarRun, other: CalendarRun) => one.at.getTime() - other.at.getTime()

/** Times are computed one schedule after the other, whoever asks. */
export const computing = createStretches()

/** The next `count` runs of a schedule that are to come. */
export const nextRunsOf = (schedule: RunColumns, count: number): Promise<readonly Due[]> =>
  computing(() => runsFrom(schedule, new Date(0)).take(count).toArray())

/** The schedules whose runs are the first in `from <= … < to`, and maybe more. */
const findSchedules = async (db: Database, from: Date, to: Date, limit: number): Promise<readonly Schedule[]> => {
  const read = (take?: number) =>
    db.schedule.findMany({
      where: { isEnabled: true, nextRunAt: { lt: to } },
      orderBy: [{ nextRunAt: 'asc' }, { id: 'asc' }],
      ...(take !== undefined && { take }),
    })
  if (from > new Date()) return read()
  const next = await read(limit + 1)
  // Where each of them has a run, no other schedule has one among the first.
  const isEnough = next.length <= limit || next.every((schedule) => findTiming(schedule) !== null)
  return isEnough ? next : read()
}

/**
 * The runs of all enabled schedules in `from <= … < to`, in order, the first `limit` of them. What is over is not among
 * them: its jobs tell.
 */
export const readCalendar = (db: Database, from: Date, to: Date, limit: number): Promise<Calendar> =>
  computing((pause) => computeCalendar(db, from, to, limit, pause))

const computeCalendar = async (db: Database, from: Date, to: Date, limit: number, pause: Pause): Promise<Calendar> => {
  const schedules = await findSchedules(db, from, to, limit)
  let runs: CalendarRun[] = []
  let end = to
  let isTruncated = false
  const cut = () => {
    runs.sort(byTime)
    const last = runs[limit]
    if (last === undefined) return
    runs = runs.slice(0, limit)
    end = last.at
    isTruncated = true
  }
  for (const schedule of schedules) {
    let count = 0
    for (const due of runsFrom(schedule, from)) {
      if (due.at >= end || count > limit) break
      runs.push({ ...due, schedule })
      count += 1
      await pause()
    }
    if (runs.length > 2 * limit) cut()
    await pause()
  }
  cut()
  return { runs, isTruncated }
}
