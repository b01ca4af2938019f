import type { BackupPlan, JobKind, JobPriority, Prisma, Repository } from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import type { JobKindDefinition } from './kind-definition.ts'

/** What the tasks of a job of a kind are made from. */
type InputOf<Kind> = Kind extends JobKindDefinition<infer Input> ? Input : never

/** What a job is made from. */
export interface NewJob<Kind extends JobKind, Input> {
  readonly kind: Kind
  /** What its tasks are made from. */
  readonly input: Input
  /** The repository that all its tasks work on; null where each names its own, or there is none. */
  readonly repository: Pick<Repository, 'id' | 'name'> | null
  /** Null where Borgitory itself asked for it. */
  readonly requestedById: string | null
  /** What the job is asked to do, for its tasks to read. */
  readonly settings?: Prisma.InputJsonObject
  /** The plan that it runs, where it runs one. */
  readonly plan?: Pick<BackupPlan, 'id' | 'priority'> | null
  /** The schedule that it is a run of, where it is one. */
  readonly scheduleId?: string
  /** The time that the run is for; null where a person started it. */
  readonly scheduledFor?: Date | null
  /** Seconds after which it is stopped; null for no limit. */
  readonly maxDuration?: number | null
}

/** What a person does by hand and waits for goes before what was planned. */
const priorityOf = (
  isAwaited: boolean,
  { requestedById, plan }: Pick<NewJob<JobKind, unknown>, 'requestedById' | 'plan'>,
): JobPriority => plan?.priority ?? (requestedById !== null && isAwaited ? 'HIGH' : 'NORMAL')

/** The record of a new job with its tasks, for `prisma.job.create`. It runs once its id was given to `announceJob`. */
export const newJob = <Kind extends JobKind>(
  { kinds }: Pick<App, 'kinds'>,
  job: NewJob<Kind, InputOf<App['kinds']['jobs'][Kind]>>,
): Prisma.JobUncheckedCreateInput => {
  const { kind, input, repository, requestedById, settings = {}, plan, ...origin } = job
  const { isAwaited, tasks } = kinds.jobs[kind] as JobKindDefinition<typeof input>
  return {
    ...origin,
    kind,
    repositoryId: repository?.id ?? null,
    repositoryName: repository?.name ?? null,
    requestedById,
    priority: priorityOf(isAwaited, job),
    planId: plan?.id ?? null,
    settings,
    tasks: { create: tasks(input).map((task, position) => ({ ...task, position })) },
  }
}

/** Has a job run whose record is committed: the engine is among those who hear of it. */
export const announceJob = ({ events }: Pick<App, 'events'>, jobId: string): void => {
  events.publish('job:changed', jobId)
}
