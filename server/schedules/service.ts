import { z } from 'zod'
import { type Job, Prisma, type Schedule } from '../../prisma/generated/client/client.ts'
import { ScheduledAction } from '../../prisma/generated/client/enums.ts'
import type { App } from '../app.ts'
import type { Database } from '../database/client.ts'
import { announceJob } from '../jobs/records/create.ts'
import { PlanNotFound } from '../plans/problems.ts'
import { type InvalidField, InvalidInput, NameTaken, Problem, validated } from '../problems.ts'
import { nameInput } from '../repositories/name.ts'
import { RepositoryNotFound } from '../repositories/problems.ts'
import { CronInvalid, CronNeverFires, ScheduleNotFound, TimeZoneUnknown } from './problems.ts'
import { findRunProblem, newRun, runnable } from './start-run.ts'
import { believedRun, nextDue } from './times/timing.ts'
import { storedWindow, type TimingColumns, timingOf } from './times/timing-columns.ts'

const day = 86_400

const jitter = z.number().int().min(0, 'must be 0 or more').max(day, 'must be a day or less')
const maxDuration = z
  .number()
  .int()
  .min(1, 'must be a second or more')
  .max(7 * day, 'must be a week or less')
const missedRunPolicy = z.enum(['RUN_ONCE', 'SKIP'])
const overlapPolicy = z.enum(['SKIP', 'QUEUE'])

const action = z.enum(ScheduledAction)

const createInput = z.object({
  name: nameInput,
  action,
  planId: z.string().nullish(),
  repositoryId: z.string().nullish(),
  cron: z.string(),
  timeZone: z.string(),
  isEnabled: z.boolean().default(true),
  window: storedWindow.nullish(),
  jitter: jitter.default(0),
  maxDuration: maxDuration.nullish(),
  missedRunPolicy: missedRunPolicy.default('RUN_ONCE'),
  overlapPolicy: overlapPolicy.default('SKIP'),
})

/** What is left out stays; a window or a longest duration of null is taken away. */
const updateInput = z.object({
  name: nameInput.nullish(),
  action: action.nullish(),
  planId: z.string().nullish(),
  repositoryId: z.string().nullish(),
  cron: z.string().nullish(),
  timeZone: z.string().nullish(),
  isEnabled: z.boolean().nullish(),
  window: storedWindow.nullish(),
  jitter: jitter.nullish(),
  maxDuration: maxDuration.nullish(),
  missedRunPolicy: missedRunPolicy.nullish(),
  overlapPolicy: overlapPolicy.nullish(),
})

type Subject = Pick<Schedule, 'action' | 'planId' | 'repositoryId'>

interface GivenSubject {
  readonly planId?: string | null | undefined
  readonly repositoryId?: string | null | undefined
}

/**
 * What a schedule works on: what is given for its action, else what it worked on before. Throws `InvalidInput`,
 * `PlanNotFound`, `RepositoryNotFound`.
 */
const findSubject = async (
  { kinds }: Pick<App, 'kinds'>,
  records: Pick<Database, 'backupPlan' | 'repository'>,
  action: Subject['action'],
  given: GivenSubject,
  before?: Subject,
): Promise<Subject> => {
  const [wanted, other] =
    kinds.jobs[action].scheduledFor === 'PLAN'
      ? (['planId', 'repositoryId'] as const)
      : (['repositoryId', 'planId'] as const)
  const id = given[wanted] ?? before?.[wanted]
  const problems: InvalidField[] = []
  if (!id) problems.push({ path: [wanted], message: 'is missing: the action works on it' })
  if (given[other]) problems.push({ path: [other], message: 'must be left out: the action does not work on it' })
  if (!id || problems.length > 0) throw new InvalidInput(problems)
  const subject: Subject = { action, planId: null, repositoryId: null, [wanted]: id }
  if (subject.planId && !(await records.backupPlan.findUnique({ where: { id }, select: { id: true } }))) {
    throw new PlanNotFound()
  }
  if (subject.repositoryId && !(await records.repository.findUnique({ where: { id }, select: { id: true } }))) {
    throw new RepositoryNotFound()
  }
  return subject
}

/** Which field of an input a problem of a time belongs to. */
const fieldOf = (problem: Problem): string => {
  if (problem instanceof TimeZoneUnknown) return 'timeZone'
  return problem instanceof CronInvalid || problem instanceof CronNeverFires ? 'cron' : 'window'
}

/** What `work` gives. Throws `InvalidInput` for what is wrong with a cron text, a time zone or a window. */
export const withTimesChecked = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new InvalidInput([{ path: [fieldOf(error)], message: error.message }])
  }
}

/**
 * Throws `NameTaken` where the records refused the name, `PlanNotFound` or `RepositoryNotFound` where what it is for is
 * gone, and `ScheduleNotFound` where it is itself.
 */
const refuse =
  ({ name, planId }: { name: string } & Pick<Subject, 'planId'>) =>
  (error: unknown): never => {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error
    if (error.code === 'P2002') throw new NameTaken('schedule', name)
    if (error.code === 'P2003') throw planId === null ? new RepositoryNotFound() : new PlanNotFound()
    if (error.code === 'P2025') throw new ScheduleNotFound()
    throw error
  }

type Timed = TimingColumns & Pick<Schedule, 'isEnabled'>

/**
 * The columns that say when a schedule runs next, as seen from `now`; nothing before is made up for. Of one that has just got
 * its cron, not even what its jitter would still let begin.
 */
const lookAhead = (schedule: Timed, now: Date, hasNewCron: boolean) => {
  const begun = hasNewCron ? { validFrom: now } : {}
  const due = nextDue(timingOf({ ...schedule, ...begun }), now)
  const next = schedule.isEnabled ? due : null
  return {
    nextRunAt: next?.at ?? null,
    nextScheduledFor: next?.scheduledFor ?? null,
    lastScheduledFor: believedRun(schedule.lastScheduledFor, now.getTime()),
    lastLookedAt: now,
    ...begun,
  }
}

/** Throws `InvalidInput`, `NameTaken`, `PlanNotFound`, `RepositoryNotFound`. */
export const createSchedule = async (app: App, input: unknown): Promise<Schedule> => {
  const { window, planId, repositoryId, maxDuration, ...given } = validated(createInput, input)
  withTimesChecked(() => timingOf({ ...given, id: '', window: window ?? null, lastScheduledFor: null }))
  const columns = { ...given, ...(await findSubject(app, app.db, given.action, { planId, repositoryId })) }
  const now = new Date()
  const schedule = await app.db
    .$transaction(async (records) => {
      const created = await records.schedule.create({
        data: { ...columns, window: window ?? Prisma.DbNull, maxDuration: maxDuration ?? null, lastLookedAt: now },
      })
      // Its jitter follows from its id.
      return records.schedule.update({ where: { id: created.id }, data: lookAhead(created, now, true) })
    })
    .catch(refuse(columns))
  app.events.publish('schedule:changed', schedule.id)
  app.clock.refresh(schedule.id)
  return schedule
}

const findSchedule = async (db: Pick<Database, 'schedule'>, id: string) => {
  const schedule = await db.schedule.findUnique({ where: { id }, include: runnable })
  if (schedule === null) throw new ScheduleNotFound()
  return schedule
}

/** What a change leaves as it was is left out. */
const givenOf = <T extends object>(changes: T) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined && value !== null)) as {
    [Key in keyof T]?: NonNullable<T[Key]>
  }

/** The columns of `subject` in which it is another one than `before`. */
const otherThan = (before: Subject, subject: Subject): Partial<Subject> =>
  Object.fromEntries(Object.entries(subject).filter(([name, value]) => before[name as keyof Subject] !== value))

const timesOf = ({ cron, timeZone, window, jitter, isEnabled }: Timed) =>
  JSON.stringify([cron, timeZone, window, jitter, isEnabled])

const cronOf = ({ cron, timeZone, isEnabled }: Timed) => JSON.stringify([cron, timeZone, isEnabled])

/**
 * Changes what is given and keeps the rest; what another action works on is dropped with the action. Throws
 * `InvalidInput`, `ScheduleNotFound`, `NameTaken`, `PlanNotFound`, `RepositoryNotFound`.
 */
export const updateSchedule = async (app: App, id: string, input: unknown): Promise<Schedule> => {
  const { window, maxDuration, planId, repositoryId, ...rest } = validated(updateInput, input)
  const schedule = await app.db.$transaction(async (records) => {
    // First of all a write: whoever else changes the schedule, or starts what is due, does so before this or after it.
    await records.schedule.updateMany({ where: { id }, data: { id } })
    const before = await findSchedule(records, id)
    const subject = await findSubject(app, records, rest.action ?? before.action, { planId, repositoryId }, before)
    const changes = { ...givenOf(rest), ...otherThan(before, subject) }
    const after = { ...before, ...changes, window: window === undefined ? before.window : window }
    withTimesChecked(() => timingOf(after))
    return records.schedule
      .update({
        where: { id },
        data: {
          ...changes,
          ...(window !== undefined && { window: window ?? Prisma.DbNull }),
          ...(maxDuration !== undefined && { maxDuration }),
          ...(timesOf(after) !== timesOf(before) && lookAhead(after, new Date(), cronOf(after) !== cronOf(before))),
        },
      })
      .catch(refuse(after))
  })
  app.events.publish('schedule:changed', id)
  // Also where its times are the same: it may have come due as it was before.
  app.clock.refresh(id)
  return schedule
}

/** Removes a schedule; its jobs stay, and go on. Throws `ScheduleNotFound`. */
export const deleteSchedule = async (app: App, id: string): Promise<void> => {
  const { count } = await app.db.schedule.deleteMany({ where: { id } })
  if (count === 0) throw new ScheduleNotFound()
  app.clock.announceDeleted([id])
}

/**
 * Has a schedule do now what it is for, enabled or not; its own times stay. Throws `ScheduleNotFound`,
 * `RepositoryNotReady`.
 */
export const startSchedule = async (app: App, userId: string, id: string): Promise<Job> => {
  const schedule = await findSchedule(app.db, id)
  const problem = findRunProblem(app, schedule)
  if (problem !== null) throw problem
  const job = await app.db.job.create({ data: newRun(app, schedule, { scheduledFor: null, requestedById: userId }) })
  announceJob(app, job.id)
  return job
}
