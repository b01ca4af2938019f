import type { Prisma } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { newJob } from '../jobs/records/create.ts'
import { backupSettings } from '../plans/backup-settings.ts'
import { RepositoryNotReady } from '../repositories/problems.ts'
import { isUsable } from '../repositories/state.ts'

const repositoryParts = { id: true, name: true, state: true, problem: true, refreshedAt: true } as const

/** What a run of a schedule needs to be read of it. */
export const runnable = {
  repository: { select: repositoryParts },
  plan: { include: { repository: { select: repositoryParts }, hooks: true } },
} satisfies Prisma.ScheduleInclude

export type RunnableSchedule = Prisma.ScheduleGetPayload<{ include: typeof runnable }>

/**
 * Why a run cannot be made now; null where it can. Reading the list of archives is what makes a repository usable that
 * was never opened.
 */
export const findRunProblem = (
  { kinds: { jobs } }: Pick<App, 'kinds'>,
  { action, plan, repository }: RunnableSchedule,
): RepositoryNotReady | null => {
  const found = plan?.repository ?? repository
  if (found === null) return new RepositoryNotReady(null)
  const isPossible = jobs[action].needsUsableRepository ? isUsable(found) : found.state !== 'PENDING'
  return isPossible ? null : new RepositoryNotReady(found.problem)
}

const lost = () => new Error('a schedule has lost what it works on')

interface Occasion {
  /** The time that the run is for; null where a person started it. */
  readonly scheduledFor: Date | null
  readonly requestedById: string | null
}

/** The record of the job that one run of a schedule is, for `prisma.job.create`. */
export const newRun = (
  app: Pick<App, 'kinds'>,
  { id, action, maxDuration, plan, repository }: RunnableSchedule,
  occasion: Occasion,
): Prisma.JobUncheckedCreateInput => {
  const origin = { ...occasion, scheduleId: id, maxDuration }
  if (action === 'BACKUP') {
    if (plan === null) throw lost()
    const settings = backupSettings.parse(plan.settings)
    return newJob(app, { kind: action, input: { plan }, repository: plan.repository, settings, plan, ...origin })
  }
  if (repository === null) throw lost()
  return newJob(app, { kind: action, input: {}, repository, ...origin })
}
