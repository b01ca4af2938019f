import type { Agenda } from 'agenda'
import type { App } from '../app.ts'
import { announceJob } from '../jobs/service.ts'
import { unfinishedStates } from '../jobs/states.ts'
import { Problem } from '../problems.ts'
import { type Decision, decide } from './decision.ts'
import { findLeftJobs } from './left-jobs.ts'
import { findRunProblem, newRun, type RunnableSchedule, runnable } from './run.ts'
import { overlapProblem } from './timing.ts'
import { createWakeUps } from './wake-ups.ts'

/** Starts what is due. The row of a schedule says when; Agenda's entries only wake this up. */
export interface Clock {
  /** Has a schedule that was written woken up at its new time only. */
  refresh(scheduleId: string): Promise<void>
  /** The schedules that go when a plan or a repository does. To be asked before that. */
  schedulesOf(removed: { readonly planId: string } | { readonly repositoryId: string }): Promise<readonly string[]>
  /** Tells those who watch of schedules that were removed, and the queue. */
  announceDeleted(scheduleIds: readonly string[]): Promise<void>
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
  /**
   * How often what no timer announced is looked for, in milliseconds: after a jump of the clock, for one, or while the
   * queue cannot be reached.
   */
  readonly lookEvery?: number
}

/** A run that is found later than this was not late but missed: the machine slept, or its clock jumped. Milliseconds. */
const missedAfter = 5 * 60_000

/** What was due before the start was missed, however short before. */
const missedAtStart = -1

const leftOutReason = 'It was not started in time, and this schedule leaves out what was missed.'

export const createClock = ({ db, events, log, jobs, agenda, lookEvery = 30_000 }: ClockOptions): Clock => {
  /**
   * Schedules to look at, each with the lateness in milliseconds from which on its run was missed. One after another, so
   * that a trigger that comes twice finds what the first has done.
   */
  const waiting = new Map<string, number>()
  let work: Promise<void> | null = null
  let look: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isStopping = false

  /** Writes down what was decided, with the job of the run. The job's id, or null where there is none. */
  const apply = (schedule: RunnableSchedule, { start, leftOut, next, ...looked }: Decision) =>
    db.$transaction(async (records): Promise<string | null> => {
      const { id, nextRunAt, nextScheduledFor, lastScheduledFor, cron, timeZone, action, planId, repositoryId } =
        schedule
      // First of all a write, and only to the row as it was read: whoever else has dealt with this run wins.
      const { count } = await records.schedule.updateMany({
        where: {
          ...{ id, isEnabled: true, nextRunAt, nextScheduledFor, lastScheduledFor },
          ...{ cron, timeZone, action, planId, repositoryId },
        },
        data: {
          nextRunAt: next?.at ?? null,
          nextScheduledFor: next?.scheduledFor ?? null,
          ...looked,
          ...(leftOut && { lastSkippedFor: leftOut, lastSkippedReason: leftOutReason }),
        },
      })
      if (count === 0 || start === null) return null
      const unfinished = await records.job.count({ where: { scheduleId: id, state: { in: [...unfinishedStates] } } })
      const reason = findRunProblem(schedule)?.message ?? overlapProblem(schedule.overlapPolicy, unfinished)
      if (reason !== null) {
        log.info({ schedule: id, scheduledFor: start, reason }, 'a run of a schedule was left out')
        const skipped = { lastSkippedFor: start, lastSkippedReason: reason }
        await records.schedule.update({ where: { id }, data: skipped, select: { id: true } })
        return null
      }
      const data = newRun(schedule, { scheduledFor: start, requestedById: null })
      return (await records.job.create({ data, select: { id: true } })).id
    })

  /** A schedule whose times cannot be computed, as where the system knows its zone no more, says so. */
  const writeProblem = async ({ id, nextScheduledFor, lastSkippedReason }: RunnableSchedule, reason: string) => {
    if (lastSkippedReason === reason) return
    log.error({ schedule: id, reason }, 'a schedule cannot run')
    const skipped = { lastSkippedFor: nextScheduledFor ?? new Date(), lastSkippedReason: reason }
    await db.schedule.updateMany({ where: { id }, data: skipped })
    events.publish('schedule:changed', id)
  }

  /** Does what a schedule is to do now; false where that is nothing. */
  const runDue = async (scheduleId: string, lateness: number): Promise<boolean> => {
    const schedule = await db.schedule.findUnique({ where: { id: scheduleId }, include: runnable })
    if (!schedule?.isEnabled) return false
    let decision: Decision | null
    try {
      decision = decide(schedule, new Date(), lateness)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      await writeProblem(schedule, error.message)
      return false
    }
    if (decision === null) return false
    const jobId = await apply(schedule, decision)
    events.publish('schedule:changed', scheduleId)
    if (jobId !== null) await announceJob({ events, jobs }, jobId)
    return true
  }

  const runDueSafely = async (scheduleId: string, lateness: number): Promise<boolean> => {
    try {
      return await runDue(scheduleId, lateness)
    } catch (error) {
      log.error({ err: error, schedule: scheduleId }, 'a schedule could not be looked at')
      return false
    }
  }

  const workOff = async () => {
    for (const [scheduleId, lateness] of waiting) {
      waiting.delete(scheduleId)
      if (isStopping) continue
      const isDone = await runDueSafely(scheduleId, lateness)
      if (isDone) await wakeUps.add(scheduleId)
    }
    work = null
  }

  const take = (scheduleId: string, lateness = missedAfter) => {
    if (!waiting.has(scheduleId)) waiting.set(scheduleId, lateness)
    work ??= workOff()
  }

  const wakeUps = createWakeUps({ db, log, agenda, wake: take })

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

  const lookAgain = async () => {
    try {
      for (const id of await findDue()) take(id)
      await wakeUps.align()
      for (const id of await findLeftJobs(db, new Date())) {
        if (isStopping) break
        await jobs.enqueue(id)
      }
    } catch (error) {
      log.error({ err: error }, 'schedules and jobs could not be looked through')
    }
    look = null
  }

  return {
    refresh: (scheduleId) => wakeUps.replace([scheduleId]),
    async schedulesOf(removed) {
      const schedules = await db.schedule.findMany({
        where:
          'planId' in removed
            ? { planId: removed.planId }
            : { OR: [{ repositoryId: removed.repositoryId }, { plan: { is: removed } }] },
        select: { id: true },
      })
      return schedules.map(({ id }) => id)
    },
    async announceDeleted(scheduleIds) {
      for (const id of scheduleIds) events.publish('schedule:deleted', id)
      await wakeUps.replace(scheduleIds)
    },
    async start() {
      const due = await findDue()
      await wakeUps.align()
      for (const id of due) take(id, missedAtStart)
      timer = setInterval(() => {
        look ??= lookAgain()
      }, lookEvery)
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      await wakeUps.stop()
      await look
      await work
    },
  }
}
