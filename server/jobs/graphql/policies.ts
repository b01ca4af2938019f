import type { Prisma } from '../../../prisma/generated/client/client.ts'
import { FailurePolicy, JobPriority, TaskCondition } from '../../../prisma/generated/client/enums.ts'
import { InvalidInput } from '../../problems.ts'
import { builder, prices } from '../../schema/builder.ts'
import { userId } from '../../schema/context.ts'
import { problemType } from '../../schema/problems.ts'
import { setJobPriority } from '../records/cancel-and-priority.ts'
import { JobNotFound, JobNotRetryable, JobNotWaiting } from '../records/problems.ts'
import { retryJob } from '../records/retry.ts'
import { retriedColumns, tasksToRetry } from '../records/tasks-to-retry.ts'
import { jobType } from './job.ts'

problemType(JobNotRetryable, 'The job cannot be tried again; nothing was changed.')
problemType(JobNotWaiting, 'The job has begun already, or has ended; nothing was changed.')

builder.enumType(JobPriority, {
  name: 'JobPriority',
  description: 'Which of the jobs that wait goes first.',
  values: {
    LOW: { description: 'After all others.' },
    NORMAL: { description: 'In between.' },
    HIGH: { description: 'Before all others.' },
  },
})

builder.enumType(TaskCondition, {
  name: 'TaskCondition',
  description: 'When a task is begun, by how those before it went.',
  values: {
    UNLESS_FAILED: {
      description: 'Unless one before it failed or was stopped. A list of archives is read all the same, if it can be.',
    },
    ON_SUCCESS: { description: 'If all before it were completed.' },
    ON_WARNING: { description: 'If one before it was completed with warnings, and none failed.' },
    ON_FAILURE: { description: 'If one before it failed.' },
    ALWAYS: { description: 'However they went, also where the job is cancelled or interrupted.' },
  },
})

builder.enumType(FailurePolicy, {
  name: 'FailurePolicy',
  description: 'What the failure of a task does to its job.',
  values: {
    STOP: { description: 'The job fails.' },
    CONTINUE: { description: 'The job goes on, and is completed with warnings.' },
  },
})

/** What of a job says which of its tasks are done again. */
const ofRetry = {
  state: true,
  repositoryId: true,
  repositoryName: true,
  tasks: { select: { ...retriedColumns, id: true }, orderBy: { position: 'asc' } },
} satisfies Prisma.JobSelect

builder.prismaObjectFields('Job', (t) => ({
  retryOf: t.relation('retryOf', {
    nullable: true,
    description:
      'The job whose unfinished tasks this one does again; null where it is none, or that was removed since.',
  }),
  retries: t.relation('retries', {
    description: 'The jobs that do its unfinished tasks again, oldest first.',
    query: { orderBy: { id: 'asc' } },
  }),
  retryTasks: t.prismaField({
    type: ['Task'],
    select: ofRetry,
    description: 'Those of its tasks that `retryJob` does again, in order; empty where it cannot be tried again.',
    resolve: (query, job, _args, { db, kinds }) => {
      const id = { in: tasksToRetry(kinds.tasks, job, job.tasks).map(({ id }) => id) }
      return db.task.findMany({ ...query, where: { id }, orderBy: { position: 'asc' } })
    },
  }),
}))

builder.prismaObjectFields('Job', (t) => ({
  priority: t.expose('priority', { type: JobPriority, description: 'Which of the jobs that wait it goes before.' }),
  notBefore: t.expose('notBefore', {
    type: 'DateTime',
    nullable: true,
    description: 'When its next try begins at the earliest; null where none waits.',
  }),
  canRetry: t.boolean({
    complexity: prices.tasks,
    description: 'Whether what it did not do can be done again: it failed or was stopped, and its repository is there.',
    select: ofRetry,
    resolve: (job, _args, { kinds }) => tasksToRetry(kinds.tasks, job, job.tasks).length > 0,
  }),
}))

builder.prismaObjectFields('Task', (t) => ({
  condition: t.expose('condition', {
    type: TaskCondition,
    description: 'When it is begun, by how those before it went.',
  }),
  attempt: t.exposeInt('attempt', { description: 'Tries that were begun.' }),
  retries: t.exposeInt('retries', { description: 'How many times it is tried again where it fails.' }),
  onFailure: t.expose('onFailure', { type: FailurePolicy, description: 'What its failure does to the job.' }),
  timeLimit: t.exposeInt('timeLimit', {
    nullable: true,
    description: 'Seconds after which one try is stopped; null for no limit.',
  }),
  outputRemovedAt: t.expose('outputRemovedAt', {
    type: 'DateTime',
    nullable: true,
    description: 'When its output was removed to make room; null while it is kept.',
  }),
  outputSize: t.field({
    type: 'ByteCount',
    description: 'Bytes that its output takes in the records.',
    select: { outputSize: true },
    resolve: ({ outputSize }) => BigInt(outputSize),
  }),
}))

const retryJobInput = builder.inputType('RetryJobInput', {
  description: 'Which job to try again.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The job.' }) }),
})

const setJobPriorityInput = builder.inputType('SetJobPriorityInput', {
  description: 'Which job goes first.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The job.' }),
    priority: t.field({ type: JobPriority, required: true, description: 'Its new priority.' }),
  }),
})

builder.mutationFields((t) => ({
  retryJob: t.field({
    type: jobType,
    description:
      'Begins a new job that does what a job did not do: its tasks from the first unfinished one on, with the hooks before the backup and the list of archives in any case. `retryTasks` of the job says which these are.',
    args: { input: t.arg({ type: retryJobInput, required: true, description: 'Which job.' }) },
    errors: { types: [JobNotFound, JobNotRetryable, InvalidInput] },
    resolve: (_root, { input }, context) => retryJob(context, userId(context), input.id.id),
  }),
  setJobPriority: t.field({
    type: jobType,
    description: 'Changes which other jobs a job that waits goes before.',
    args: { input: t.arg({ type: setJobPriorityInput, required: true, description: 'Which job, and how.' }) },
    errors: { types: [JobNotFound, JobNotWaiting, InvalidInput] },
    resolve: (_root, { input }, context) => setJobPriority(context, input.id.id, input.priority),
  }),
}))
