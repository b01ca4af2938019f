import type { Agenda } from 'agenda'
import type { App } from '../app.ts'
import { announceJob } from '../jobs/records/create.ts'
import { unfinishedStates } from '../jobs/records/states.ts'
import { Problem } from '../problems.ts'
import { takeTime } from './scheduled-times.ts'
import { findRunProblem, newRun, type RunnableSchedule, runnable } from './start-run.ts'
import { type Decision, decide, tolerance } from './times/decision.ts'
import { earliestRight, overlapProblem } from './times/timing.ts'
import { createWakeUps } from './wake-ups.ts'

/** Starts what is due. The row of a schedule says when; Agenda's entry only wakes this up. */
export interface Clock {
  /** Looks at a schedule that was written, and has it started at its new time. */
  refresh(scheduleId: string): void
  /** The schedules that go when a plan or a repository does. To be asked before that. */
  schedulesOf(removed: { readonly planId: string } | { readonly repositoryId: string }): Promise<readonly string[]>
  /** Tells those who watch of schedules that were removed. */
  announceDeleted(scheduleIds: readonly string[]): void
  /** Begins to deal with what was missed, and to start what comes due. To be called before Agenda begins to work. */
  start(): Promise<void>
  /** Starts nothing more, and resolves when what was begun is written down. */
  stop(): Promise<void>
}

interface ClockOptions extends Pick<App, 'db' | 'events' | 'log' | 'kinds'> {
  readonly agenda: Agenda
  /**
   * How often what no timer announced is looked for, in milliseconds: after a jump of the clock, for one, or while the
   * queue cannot be reached.
   */
  readonly lookEvery?: number
}

/** A run that is found later than this was not late but missed: the machine slept, or its clock jumped. Milliseconds. */
const missedAfter = 5 * 60_000

const leftOutReason = 'It was not started in time, and this schedule leaves out what was missed.'
const repeatedReason = 'It was dealt with before: the clock of the machine was set.'

const wrongClock = (now: Date) =>
  `The clock of the machine is wrong: it says that it is ${now.toISOString().slice(0, 10)}. Nothing is run until it is set right.`

export const createClock = ({ db, events, log, kinds, agenda, lookEvery = 30_000 }: ClockOptions): Clock => {
  /**
   * Schedules to look at, each with the moment before which its run must have been due to have been missed, in milliseconds
   * since the epoch. One after another, so that a trigger that comes twice finds what the first has done.
   */
  const waiting = new Map<string, number>()
  /** What was due then was taken. */
  let lookedAt = new Date()
  let work: Promise<void> | null = null
  let look: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let isStopping = false

  /**
   * Writes down what was decided, with the job of the run: its id, or null where there is none. `gone` where somebody else
   * has dealt with this run, or the schedule is there no more.
   */
  const apply = (schedule: RunnableSchedule, { start, leftOut, next, ...looked }: Decision) =>
    db.$transaction(async (records): Promise<{ readonly jobId: string | null } | 'gone'> => {
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
        },
      })
      if (count === 0) return 'gone'
      const leaveOut = async (scheduledFor: Date, reason: string) => {
        log.info({ schedule: id, scheduledFor, reason }, 'a run of a schedule was left out')
        const skipped = { lastSkippedFor: scheduledFor, lastSkippedReason: reason }
        await records.schedule.update({ where: { id }, data: skipped, select: { id: true } })
        return { jobId: null }
      }
      // What was missed only by the eyes of a clock that had been wrong needs no word: it was dealt with in time.
      if (leftOut !== null && (await takeTime(records, id, leftOut))) await leaveOut(leftOut, leftOutReason)
      if (start === null) return { jobId: null }
      if (!(await takeTime(records, id, start))) {
        const isInTurn = nextScheduledFor?.getTime() === start.getTime()
        return isInTurn ? leaveOut(start, repeatedReason) : { jobId: null }
      }
      const unfinished = await records.job.count({ where: { scheduleId: id, state: { in: [...unfinishedStates] } } })
      const reason = findRunProblem({ kinds }, schedule)?.message ?? overlapProblem(schedule.overlapPolicy, unfinished)
      if (reason !== null) return leaveOut(start, reason)
      const data = newRun({ kinds }, schedule, { scheduledFor: start, requestedById: null })
      const job = await records.job.create({ data, select: { id: true } })
      if (schedule.lastSkippedFor !== null && schedule.lastSkippedFor >= start) {
        // It was to be left out for a reason that is gone.
        const notSkipped = { lastSkippedFor: null, lastSkippedReason: null }
        await records.schedule.update({ where: { id }, data: notSkipped, select: { id: true } })
      }
      return { jobId: job.id }
    })

  /** A schedule whose times cannot be computed, as where the system knows its zone no more, says so. */
  const writeProblem = async ({ id, nextScheduledFor, lastSkippedReason }: RunnableSchedule, reason: string) => {
    if (lastSkippedReason === reason) return
    log.error({ schedule: id, reason }, 'a schedule cannot run')
    const skipped = { lastSkippedFor: nextScheduledFor ?? new Date(), lastSkippedReason: reason }
    const { count } = await db.schedule.updateMany({ where: { id }, data: skipped })
    if (count > 0) events.publish('schedule:changed', id)
  }

  /** Does what a schedule is to do now, if anything. */
  const runDue = async (scheduleId: string, missedBefore: number): Promise<void> => {
    const schedule = await db.schedule.findUnique({ where: { id: scheduleId }, include: runnable })
    if (!schedule?.isEnabled) return
    let decision: Decision | null
    const now = new Date()
    if (now.getTime() < earliestRight) return writeProblem(schedule, wrongClock(now))
    try {
      decision = decide(schedule, now, now.getTime() - missedBefore)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return writeProblem(schedule, error.message)
    }
    if (decision === null) return
    const applied = await apply(schedule, decision)
    if (applied === 'gone') return
    events.publish('schedule:changed', scheduleId)
    if (applied.jobId !== null) announceJob({ events }, applied.jobId)
  }

  const workOff = async () => {
    for (const [scheduleId, missedBefore] of waiting) {
      waiting.delete(scheduleId)
      if (isStopping) continue
      await runDue(scheduleId, missedBefore).catch((error: unknown) =>
        log.error({ err: error, schedule: scheduleId }, 'a schedule could not be looked at'),
      )
    }
    work = null
    wakeUps.renew(lookedAt)
  }

  /** A run that was due before `missedBefore` was missed: how long it waits from here on does not count. */
  const take = (schedules: readonly { readonly id: string }[], missedBefore = Date.now() - missedAfter) => {
    for (const { id } of schedules) if (!waiting.has(id)) waiting.set(id, missedBefore)
    if (waiting.size > 0) work ??= workOff()
    else wakeUps.renew(lookedAt)
  }

  /** What is due, and what was looked at in a future that is not there any more. */
  const findDue = (now: Date) => {
    const soon = new Date(now.getTime() + tolerance)
    return db.schedule.findMany({
      where: {
        isEnabled: true,
        OR: [{ nextRunAt: { lte: soon } }, { nextRunAt: null }, { lastLookedAt: { gt: now } }],
      },
      orderBy: [{ nextRunAt: 'asc' }, { id: 'asc' }],
      select: { id: true },
    })
  }

  const takeDue = async () => {
    const now = new Date()
    const due = await findDue(now)
    lookedAt = now
    take(due)
  }

  const wakeUps = createWakeUps({ db, log, agenda, wake: takeDue })

  const lookAgain = async () => {
    try {
      await takeDue()
    } catch (error) {
      log.error({ err: error }, 'schedules could not be looked through')
    }
    look = null
  }

  return {
    refresh: (id) => take([{ id }]),
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
    announceDeleted(scheduleIds) {
      for (const id of scheduleIds) events.publish('schedule:deleted', id)
    },
    async start() {
      lookedAt = new Date()
      const due = await findDue(lookedAt)
      await wakeUps.start()
      // Whatever was due before the start was missed, however short before.
      take(due, lookedAt.getTime() + 1)
      timer = setInterval(() => {
        look ??= lookAgain()
      }, lookEvery)
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      const told = wakeUps.stop()
      await look
      await work
      await told
    },
  }
}
