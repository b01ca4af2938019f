import type { Agenda } from 'agenda'
import type { App } from '../app.ts'
import { announceJob, unfinishedStates } from '../jobs/service.ts'
import { type Decision, decide } from './decision.ts'
import { newRun, type RunnableSchedule, runnable } from './run.ts'
import { decideOverlap } from './timing.ts'

/** Starts what is due. The row of a schedule says when; Agenda's entries only wake this up. */
export interface Clock {
  /** Has a schedule that was written or removed woken up at its new time only. */
  refresh(scheduleId: string): Promise<void>
  /**
   * Begins to deal with what was missed, and to have each enabled schedule woken up: with thousands of them that takes a
   * while. To be called before Agenda begins to work.
   */
  start(): Promise<void>
  /** Starts nothing more, and resolves when what was begun is written down. */
  stop(): Promise<void>
}

interface ClockOptions extends Pick<App, 'db' | 'events' | 'log' | 'jobs'> {
  readonly agenda: Agenda
  /** How often what no timer announced is looked for, in milliseconds: after a jump of the clock, for one. */
  readonly lookEvery?: number
}

const name = 'run schedule'

/** A run that is found later than this was not late but missed: the machine slept, or its clock jumped. Milliseconds. */
const missedAfter = 5 * 60_000

/** What was due before the start was missed, however short before. */
const missedAtStart = -1

interface Trigger {
  readonly scheduleId: string
}

export const createClock = ({ db, events, log, jobs, agenda, lookEvery = 60_000 }: ClockOptions): Clock => {
  /**
   * Schedules to look at, each with the lateness in milliseconds from which on its run was missed. One after another, so
   * that a trigger that comes twice finds what the first has done.
   */
  const waiting = new Map<string, number>()
  let work: Promise<void> | null = null
  let announcing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isStopping = false

  const wakeAt = async (scheduleId: string, at: Date) => {
    await agenda.schedule<Trigger>(at, name, { scheduleId })
  }

  /** Writes down what was decided, with the job of the run. The job's id, or null where there is none. */
  const apply = (schedule: RunnableSchedule, { start, next, lastLookedAt }: Decision): Promise<string | null> =>
    db.$transaction(async (records) => {
      const { id, nextRunAt, nextScheduledFor, lastScheduledFor, cron, timeZone } = schedule
      // First of all a write, and only to the row as it was read: whoever else has dealt with this run wins.
      const { count } = await records.schedule.updateMany({
        where: { id, isEnabled: true, nextRunAt, nextScheduledFor, lastScheduledFor, cron, timeZone },
        data: {
          nextRunAt: next?.at ?? null,
          nextScheduledFor: next?.scheduledFor ?? null,
          lastLookedAt,
          ...(start && { lastScheduledFor: start }),
        },
      })
      if (count === 0 || start === null) return null
      const unfinished = await records.job.count({ where: { scheduleId: id, state: { in: [...unfinishedStates] } } })
      const { action, reason } = decideOverlap(schedule.overlapPolicy, unfinished)
      if (action === 'skip') {
        log.info({ schedule: id, scheduledFor: start, reason }, 'a run of a schedule was left out')
        return null
      }
      const data = newRun(schedule, { scheduledFor: start, requestedById: null })
      return (await records.job.create({ data, select: { id: true } })).id
    })

  /** Does what a schedule is to do now; false where that is nothing. */
  const look = async (scheduleId: string, lateness: number): Promise<boolean> => {
    const schedule = await db.schedule.findUnique({ where: { id: scheduleId }, include: runnable })
    if (!schedule?.isEnabled) return false
    const decision = decide(schedule, new Date(), lateness)
    if (decision === null) return false
    const jobId = await apply(schedule, decision)
    events.publish('schedule:changed', scheduleId)
    if (jobId !== null) await announceJob({ events, jobs }, jobId)
    return true
  }

  const lookSafely = async (scheduleId: string, lateness: number): Promise<boolean> => {
    try {
      return await look(scheduleId, lateness)
    } catch (error) {
      log.error({ err: error, schedule: scheduleId }, 'a schedule could not be looked at')
      return false
    }
  }

  const workOff = async () => {
    for (const [scheduleId, lateness] of waiting) {
      waiting.delete(scheduleId)
      if (isStopping) continue
      const isDone = await lookSafely(scheduleId, lateness)
      if (isDone) await wakeNext(scheduleId)
    }
    work = null
  }

  const wakeNext = async (scheduleId: string) => {
    try {
      const row = await db.schedule.findUnique({
        where: { id: scheduleId },
        select: { isEnabled: true, nextRunAt: true },
      })
      if (row?.isEnabled && row.nextRunAt) await wakeAt(scheduleId, row.nextRunAt)
    } catch (error) {
      // The look that comes every minute finds it all the same.
      log.error({ err: error, schedule: scheduleId }, 'a schedule could not be announced to the queue')
    }
  }

  const take = (scheduleId: string, lateness = missedAfter) => {
    if (!waiting.has(scheduleId)) waiting.set(scheduleId, lateness)
    work ??= workOff()
  }

  /** What is due, and what was looked at in a future that is not there any more. */
  const findDue = async (): Promise<readonly string[]> => {
    const now = new Date()
    const rows = await db.schedule.findMany({
      where: { isEnabled: true, OR: [{ nextRunAt: { lte: now } }, { nextRunAt: null }, { lastLookedAt: { gt: now } }] },
      orderBy: [{ nextRunAt: 'asc' }, { id: 'asc' }],
      select: { id: true },
    })
    return rows.map(({ id }) => id)
  }

  /** Leaves one entry at most for each enabled schedule that waits, at its next time. The schedules that have none. */
  const alignEntries = async (): Promise<readonly string[]> => {
    const rows = await db.schedule.findMany({
      where: { isEnabled: true, nextRunAt: { gt: new Date() } },
      orderBy: { nextRunAt: 'asc' },
      select: { id: true, nextRunAt: true },
    })
    const missing = new Map(rows.map(({ id, nextRunAt }) => [id, nextRunAt?.getTime()]))
    const { jobs: entries } = await agenda.queryJobs({ name })
    const superfluous: string[] = []
    for (const { _id, data, nextRunAt, lockedAt } of entries) {
      const { scheduleId } = data as Trigger
      // One that is locked was taken by a server that is gone.
      if (!lockedAt && nextRunAt && missing.get(scheduleId) === nextRunAt.getTime()) missing.delete(scheduleId)
      else if (_id) superfluous.push(String(_id))
    }
    if (superfluous.length > 0) await agenda.cancel({ ids: superfluous })
    return [...missing.keys()]
  }

  const announce = async (scheduleIds: readonly string[]) => {
    for (const id of scheduleIds) {
      if (isStopping) return
      await wakeNext(id)
    }
  }

  agenda.define<Trigger>(name, async (entry) => take(entry.attrs.data.scheduleId))

  return {
    async refresh(scheduleId) {
      await agenda.cancel({ name, data: { scheduleId } })
      await wakeNext(scheduleId)
    },
    async start() {
      const due = await findDue()
      const unannounced = await alignEntries()
      for (const id of due) take(id, missedAtStart)
      announcing = announce(unannounced)
      const lookAgain = async () => {
        try {
          for (const id of await findDue()) take(id)
        } catch (error) {
          log.error({ err: error }, 'schedules could not be looked through')
        }
      }
      timer = setInterval(lookAgain, lookEvery)
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      await Promise.all([work, announcing])
    },
  }
}
