import { InvalidInput } from '../../problems.ts'
import { builder, forAdministrators, prices } from '../../schema/builder.ts'
import { userId } from '../../schema/context.ts'
import { liveSingleton } from '../../schema/live-node.ts'
import { countJobs } from '../records/list.ts'
import {
  pauseQueue,
  type QueueSettings,
  readQueueSettings,
  resumeQueue,
  updateQueue,
} from '../records/queue-settings.ts'
import { waitingStates } from '../records/states.ts'

const queue = builder.objectRef<QueueSettings>('Queue').implement({
  description: 'All jobs that wait or run, and how many may run at the same time.',
  fields: (t) => ({
    isPaused: t.boolean({
      description: 'Whether no job is begun; what runs goes on to its end.',
      resolve: ({ pausedAt }) => pausedAt !== null,
    }),
    pausedAt: t.expose('pausedAt', { type: 'DateTime', nullable: true, description: 'Since when no job is begun.' }),
    pausedBy: t.prismaField({
      type: 'User',
      nullable: true,
      ...forAdministrators,
      description:
        'Who paused it; null where it is not paused, or that person was removed since, and for all but administrators.',
      resolve: (query, { pausedById }, _args, { db }) =>
        pausedById === null ? null : db.user.findUnique({ ...query, where: { id: pausedById } }),
    }),
    pauseReason: t.exposeString('pauseReason', {
      nullable: true,
      description: 'Why no job is begun, in the words of who paused.',
    }),
    runningCount: t.int({
      complexity: prices.count,
      description: 'Number of jobs that run.',
      resolve: (_queue, _args, { db }) => countJobs(db, { states: ['RUNNING'] }),
    }),
    waitingCount: t.int({
      complexity: prices.jobCount,
      description: 'Number of jobs that wait.',
      resolve: (_queue, _args, { db }) => countJobs(db, { states: waitingStates }),
    }),
    concurrentJobs: t.exposeInt('concurrentJobs', { description: 'Jobs that run at the same time at most.' }),
    concurrentBackups: t.exposeInt('concurrentBackups', { description: 'Backups among them at most.' }),
  }),
})

builder.queryField('queue', (t) =>
  t.field({
    type: queue,
    description: 'The queue of jobs.',
    resolve: (_root, _args, { db }) => readQueueSettings(db),
  }),
)

const pauseQueueInput = builder.inputType('PauseQueueInput', {
  description: 'Why no job is to be begun.',
  fields: (t) => ({
    reason: t.string({ description: 'What those who wait are told: up to 200 characters.' }),
  }),
})

const updateQueueInput = builder.inputType('UpdateQueueInput', {
  description: 'How many jobs may run at the same time. What is left out stays.',
  fields: (t) => ({
    concurrentJobs: t.int({ description: 'Jobs at most: 1 to 64.' }),
    concurrentBackups: t.int({ description: 'Backups among them at most: 1 to 64.' }),
  }),
})

builder.mutationFields((t) => ({
  pauseQueue: t.field({
    type: queue,
    authScopes: { administrator: true },
    description: 'Begins no job any more, over restarts too, until the queue is resumed; what runs goes on to its end.',
    args: { input: t.arg({ type: pauseQueueInput, required: true, description: 'Why.' }) },
    errors: { types: [InvalidInput] },
    resolve: (_root, { input }, context) => pauseQueue(context, userId(context), input),
  }),
  resumeQueue: t.field({
    type: queue,
    authScopes: { administrator: true },
    description: 'Begins jobs again.',
    resolve: (_root, _args, context) => resumeQueue(context),
  }),
  updateQueue: t.field({
    type: queue,
    authScopes: { administrator: true },
    description: 'Changes how many jobs may run at the same time, at once; what runs already goes on.',
    args: { input: t.arg({ type: updateQueueInput, required: true, description: 'The numbers.' }) },
    errors: { types: [InvalidInput] },
    resolve: (_root, { input }, context) => updateQueue(context, input),
  }),
}))

liveSingleton(queue, {
  word: 'queue',
  description: 'The queue, each time that something about it changed; begins with how it is now.',
  read: ({ db }) => readQueueSettings(db),
})
