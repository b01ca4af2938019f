import { z } from 'zod'
import { type Job, Prisma, type Schedule } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { announceJob } from '../jobs/service.ts'
import { PlanNotFound } from '../plans/problems.ts'
import { InvalidInput, NameTaken, Problem, validated } from '../problems.ts'
import { nameInput } from '../repositories/name.ts'
import { RepositoryNotFound } from '../repositories/problems.ts'
import { CronInvalid, CronNeverFires, ScheduleNotFound, TimeZoneUnknown } from './problems.ts'
import { newRun, runnable } from './run.ts'
import { storedWindow, timingOf } from './stored.ts'
import { nextDue } from './timing.ts'

const day = 86_400

const jitter = z.number().int().min(0, 'must be 0 or more').max(day, 'must be a day or less')
const maxDuration = z
  .number()
  .int()
  .min(1, 'must be a second or more')
  .max(7 * day, 'must be a week or less')
const missedRunPolicy = z.enum(['RUN_ONCE', 'SKIP'])
const overlapPolicy = z.enum(['SKIP', 'QUEUE'])

const createInput = z
  .object({
    name: nameInput,
    action: z.enum(['BACKUP', 'REFRESH_ARCHIVES']),
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
  .superRefine(({ action, planId, repositoryId }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    const [wanted, other] = action === 'BACKUP' ? ['planId', 'repositoryId'] : ['repositoryId', 'planId']
    const given = { planId, repositoryId }
    if (!given[wanted as keyof typeof given]) refuse(wanted, 'is missing: the action works on it')
    if (given[other as keyof typeof given]) refuse(other, 'must be left out: the action does not work on it')
  })

/** What is left out stays; a window or a longest duration of null is taken away. */
const updateInput = z.object({
  name: nameInput.nullish(),
  cron: z.string().nullish(),
  timeZone: z.string().nullish(),
  isEnabled: z.boolean().nullish(),
  window: storedWindow.nullish(),
  jitter: jitter.nullish(),
  maxDuration: maxDuration.nullish(),
  missedRunPolicy: missedRunPolicy.nullish(),
  overlapPolicy: overlapPolicy.nullish(),
})

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

/** Throws `NameTaken` where the records refused the name, `PlanNotFound` or `RepositoryNotFound` where what it is for is gone. */
const refuse =
  ({ name, action }: { name: string; action: Schedule['action'] }) =>
  (error: unknown): never => {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError)) throw error
    if (error.code === 'P2002') throw new NameTaken('schedule', name)
    if (error.code === 'P2003') throw action === 'BACKUP' ? new PlanNotFound() : new RepositoryNotFound()
    throw error
  }

type Timed = Pick<
  Schedule,
  'id' | 'cron' | 'timeZone' | 'window' | 'jitter' | 'missedRunPolicy' | 'lastScheduledFor' | 'isEnabled'
>

/** The columns that say when a schedule runs next, as seen from `now`; nothing before is made up for. */
const lookAhead = (schedule: Timed, now: Date) => {
  const due = nextDue(timingOf(schedule), now)
  const next = schedule.isEnabled ? due : null
  return { nextRunAt: next?.at ?? null, nextScheduledFor: next?.scheduledFor ?? null, lastLookedAt: now }
}

/** Throws `InvalidInput`, `NameTaken`, `PlanNotFound`, `RepositoryNotFound`. */
export const createSchedule = async (app: App, input: unknown): Promise<Schedule> => {
  const { window, planId, repositoryId, maxDuration, ...given } = validated(createInput, input)
  const columns = { ...given, planId: planId ?? null, repositoryId: repositoryId ?? null }
  withTimesChecked(() => timingOf({ ...columns, id: '', window: window ?? null, lastScheduledFor: null }))
  if (planId && !(await app.db.backupPlan.findUnique({ where: { id: planId } }))) throw new PlanNotFound()
  if (repositoryId && !(await app.db.repository.findUnique({ where: { id: repositoryId } }))) {
    throw new RepositoryNotFound()
  }
  const now = new Date()
  const schedule = await app.db
    .$transaction(async (records) => {
      const created = await records.schedule.create({
        data: { ...columns, window: window ?? Prisma.DbNull, maxDuration: maxDuration ?? null, lastLookedAt: now },
      })
      // Its jitter follows from its id.
      return records.schedule.update({ where: { id: created.id }, data: lookAhead(created, now) })
    })
    .catch(refuse(columns))
  await app.clock.refresh(schedule.id)
  app.events.publish('schedule:changed', schedule.id)
  return schedule
}

const findSchedule = async ({ db }: Pick<App, 'db'>, id: string) => {
  const schedule = await db.schedule.findUnique({ where: { id }, include: runnable })
  if (schedule === null) throw new ScheduleNotFound()
  return schedule
}

/** What a change leaves as it was is left out. */
const givenOf = <T extends object>(changes: T) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined && value !== null)) as {
    [Key in keyof T]?: NonNullable<T[Key]>
  }

/** Changes what is given and keeps the rest. Throws `InvalidInput`, `ScheduleNotFound`, `NameTaken`. */
export const updateSchedule = async (app: App, id: string, input: unknown): Promise<Schedule> => {
  const { window, maxDuration, ...rest } = validated(updateInput, input)
  const changes = givenOf(rest)
  const before = await findSchedule(app, id)
  const after = { ...before, ...changes, window: window === undefined ? before.window : window }
  withTimesChecked(() => timingOf(after))
  const isSameTime =
    JSON.stringify([after.cron, after.timeZone, after.window, after.jitter, after.isEnabled]) ===
    JSON.stringify([before.cron, before.timeZone, before.window, before.jitter, before.isEnabled])
  const schedule = await app.db.schedule
    .update({
      where: { id },
      data: {
        ...changes,
        ...(window !== undefined && { window: window ?? Prisma.DbNull }),
        ...(maxDuration !== undefined && { maxDuration }),
        ...(!isSameTime && lookAhead(after, new Date())),
      },
    })
    .catch(refuse(after))
  if (!isSameTime) await app.clock.refresh(id)
  app.events.publish('schedule:changed', id)
  return schedule
}

/** Removes a schedule; its jobs stay, and go on. Throws `ScheduleNotFound`. */
export const deleteSchedule = async (app: App, id: string): Promise<void> => {
  const { count } = await app.db.schedule.deleteMany({ where: { id } })
  if (count === 0) throw new ScheduleNotFound()
  await app.clock.refresh(id)
  app.events.publish('schedule:deleted', id)
}

/** Has a schedule do now what it is for, enabled or not; its own times stay. Throws `ScheduleNotFound`. */
export const startSchedule = async (app: App, userId: string, id: string): Promise<Job> => {
  const schedule = await findSchedule(app, id)
  const job = await app.db.job.create({ data: newRun(schedule, { scheduledFor: null, requestedById: userId }) })
  await announceJob(app, job.id)
  return job
}
