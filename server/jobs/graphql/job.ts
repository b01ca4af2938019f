import type { Job } from '../../../prisma/generated/client/client.ts'
import { JobKind, RunState } from '../../../prisma/generated/client/enums.ts'
import { InvalidInput } from '../../problems.ts'
import { builder, forAdministrators, prices } from '../../schema/builder.ts'
import { tellChanges } from '../../schema/changes.ts'
import { connectionOf } from '../../schema/connections.ts'
import type { Context } from '../../schema/context.ts'
import { watchRows } from '../../schema/live-node.ts'
import { problemType } from '../../schema/problems.ts'
import { jobKinds } from '../kinds/index.ts'
import { cancelJob } from '../records/cancel-and-priority.ts'
import type { JobOwner } from '../records/filter.ts'
import { countJobs, type PageQuery, readJobs } from '../records/list.ts'
import { madeArchive } from '../records/made-archive.ts'
import { JobFinished, JobNotFound, PatternsUnchecked } from '../records/problems.ts'
import { jobCondition, jobFilter } from './filter.ts'

problemType(JobNotFound, 'There is no job with this id.')
problemType(JobFinished, 'The job has ended already; nothing was changed.')
problemType(PatternsUnchecked, 'Borg could not be asked whether it understands patterns; nothing was changed.')

builder.enumType(JobKind, { name: 'JobKind', description: 'What a job is for.', values: jobKinds })

builder.enumType(RunState, {
  name: 'RunState',
  description: 'Where a job or a task stands.',
  values: {
    PENDING: { description: 'Written down, not begun.' },
    QUEUED: { description: 'Waits for something; `waitingFor` says for what.' },
    RUNNING: { description: 'At work.' },
    COMPLETED: { description: 'Everything was done.' },
    COMPLETED_WITH_WARNINGS: { description: 'All was done that could be done; `fileProblems` lists what could not.' },
    FAILED: { description: 'Did not do what it was for; `problem` says why.' },
    CANCELLED: { description: 'Stopped because a person asked for it.' },
    INTERRUPTED: { description: 'Stopped because the server did.' },
    SKIPPED: { description: 'A task that was not called for, or could not be begun; `problem` says why.' },
  },
})

export const jobType = builder.prismaNode('Job', {
  nullable: true,
  id: { field: 'id' },
  select: { id: true },
  description: 'One run, with its tasks.',
  fields: (t) => ({
    requestedBy: t.relation('requestedBy', {
      nullable: true,
      ...forAdministrators,
      description: 'Who asked for it; null where Borgitory itself did, and for all but administrators.',
    }),
    tasks: t.relation('tasks', { description: 'Its tasks, in order.', query: { orderBy: { position: 'asc' } } }),
    archive: t.prismaField({
      type: 'Archive',
      nullable: true,
      description: 'The archive that a BACKUP job made; of several tries, that of the last.',
      resolve: (query, { id }, _args, { db }) => db.archive.findFirst({ ...query, ...madeArchive(id) }),
    }),
  }),
})

export const jobConnection = connectionOf('Job', jobType)

interface JobsFilter {
  readonly filter?: typeof jobFilter.$inferInput | null | undefined
}

/** The same as `pagesOf`, for jobs: all of an owner, or all there are. */
export const pagesOfJobs = <Parent = object>(ownerOf: (parent: Parent) => JobOwner) => ({
  type: 'Job' as const,
  cursor: 'id' as const,
  args: builder.args((t) => ({ filter: t.field({ type: jobFilter, description: 'Only these.' }) })),
  totalCount: (parent: NoInfer<Parent>, { filter }: JobsFilter, { db }: Context) =>
    countJobs(db, jobCondition(filter, ownerOf(parent))),
  resolve: (query: PageQuery, parent: NoInfer<Parent>, { filter }: JobsFilter, { db }: Context) =>
    readJobs(db, query, jobCondition(filter, ownerOf(parent))),
})

builder.prismaObjectFields('Job', (t) => ({
  kind: t.expose('kind', { type: JobKind, description: 'What it is for.' }),
  state: t.expose('state', { type: RunState, description: 'Where it stands.' }),
  repositoryName: t.exposeString('repositoryName', {
    nullable: true,
    description:
      'The repository’s name when the job was made, kept for a repository that is removed; null where it works on several or on none.',
  }),
  repositoryNames: t.stringList({
    complexity: prices.tasks,
    description: 'The names that its repositories had when the job was made, in the order of its tasks.',
    select: {
      repositoryName: true,
      tasks: { select: { repositoryName: true }, orderBy: { position: 'asc' } },
    },
    resolve: ({ repositoryName, tasks }) => [
      ...new Set([repositoryName, ...tasks.map((task) => task.repositoryName)].filter((name) => name !== null)),
    ],
  }),
  waitingFor: t.exposeString('waitingFor', {
    nullable: true,
    description:
      'What it waits for before it begins, or between two of its tasks, in plain words; null where it waits for nothing.',
  }),
  problem: t.exposeString('problem', {
    nullable: true,
    description: 'Why the job did not do all that it was for, in plain words.',
  }),
  cancelRequestedAt: t.expose('cancelRequestedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When somebody asked for it to be cancelled.',
  }),
  createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
  startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
  finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
}))

builder.queryField('jobs', (t) =>
  t.prismaConnection(
    {
      ...pagesOfJobs(() => ({})),
      description: 'All jobs, newest first.',
    },
    ...jobConnection,
  ),
)

const cancelJobInput = builder.inputType('CancelJobInput', {
  description: 'Which job to cancel.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The job.' }) }),
})

builder.mutationField('cancelJob', (t) =>
  t.field({
    type: jobType,
    description:
      'Cancels a job: at once where it waits; otherwise borg is interrupted, so that it leaves its repository in order. The job is `CANCELLED` when borg has ended.',
    args: { input: t.arg({ type: cancelJobInput, required: true, description: 'Which job.' }) },
    errors: { types: [JobNotFound, JobFinished, InvalidInput] },
    resolve: (_root, { input }, context) => cancelJob(context, input.id.id),
  }),
)

const job = {
  model: 'Job',
  word: 'job',
} as const

// Jobs are removed by the limits of the history, which announces that.
tellChanges('job:changed', { typename: 'Job', hasId: true, isDeleted: false, scope: 'signedIn' })

builder.subscriptionFields((t) => ({
  jobChanged: t.prismaField({
    type: 'Job',
    description: 'A job, each time that something about it or its tasks changed; begins with how it is now.',
    args: { id: t.arg.globalID({ required: true, description: 'The job.' }) },
    subscribe: (_root, { id }, context, info) => watchRows(job, id.id, context, info),
    resolve: (_query, row) => row as Job,
  }),
  jobsChanged: t.prismaField({
    type: 'Job',
    description: 'Any job that changes, from now on.',
    subscribe: (_root, _args, context, info) => watchRows(job, undefined, context, info),
    resolve: (_query, row) => row as Job,
  }),
}))
