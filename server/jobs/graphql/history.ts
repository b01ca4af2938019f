import { InvalidInput } from '../../problems.ts'
import { builder, prices } from '../../schema/builder.ts'
import { liveSingleton } from '../../schema/live-node.ts'
import { createStretches } from '../../taking-turns.ts'
import { outputSizes } from '../output/sizes.ts'
import { type HistoryLimits, readHistoryLimits, updateHistory } from '../records/history-limits.ts'
import { countJobs } from '../records/list.ts'

/** It has its own turns, and many at once would have more of them than all else. */
const adding = createStretches()

const history = builder.objectRef<HistoryLimits>('History').implement({
  description:
    'What is kept of jobs that have ended. Jobs that have not ended, and the newest backup of each plan and of each repository, always are.',
  fields: (t) => ({
    days: t.exposeInt('historyDays', {
      nullable: true,
      description: 'Days that jobs are kept after their end; null for ever.',
    }),
    jobs: t.exposeInt('historyJobs', {
      nullable: true,
      description: 'How many jobs are kept; null for all.',
    }),
    outputBytes: t.expose('outputBytes', {
      type: 'ByteCount',
      nullable: true,
      description: 'How much output is kept, as it is stored; null for all. The oldest goes first.',
    }),
    jobCount: t.int({
      complexity: prices.jobCount,
      description: 'Jobs that there are.',
      resolve: (_history, _args, { db }) => countJobs(db, {}),
    }),
    storedOutputBytes: t.field({
      type: 'ByteCount',
      // Adds up all tasks: a second for a million.
      complexity: 4_000,
      description: 'What the output of all tasks takes in the records.',
      resolve: async (_history, _args, { db }) => (await adding(() => outputSizes(db))).total,
    }),
  }),
})

builder.queryField('history', (t) =>
  t.field({
    type: history,
    description: 'What is kept of jobs that have ended.',
    resolve: (_root, _args, { db }) => readHistoryLimits(db),
  }),
)

const updateHistoryInput = builder.inputType('UpdateHistoryInput', {
  description: 'What is to be kept of jobs that have ended. What is left out stays as it is; null stands for no limit.',
  fields: (t) => ({
    days: t.int({ description: 'Days that jobs are kept after their end: 1 to 36,500.' }),
    jobs: t.int({ description: 'How many jobs are kept: 100 to 10,000,000.' }),
    outputBytes: t.field({
      type: 'ByteCount',
      description: 'How much output is kept, as it is stored: 1 MiB or more.',
    }),
  }),
})

builder.mutationField('updateHistory', (t) =>
  t.field({
    type: history,
    authScopes: { administrator: true },
    description:
      'Changes what is kept of jobs that have ended. What is over the new limits is removed soon after; archives stay.',
    args: { input: t.arg({ type: updateHistoryInput, required: true, description: 'The limits.' }) },
    errors: { types: [InvalidInput] },
    resolve: (_root, { input }, context) => updateHistory(context, input),
  }),
)

liveSingleton(history, {
  word: 'history',
  description:
    'What is kept of jobs that have ended, now and each time that the limits were changed or jobs or their output were removed: lists of jobs are to be read anew then.',
  read: ({ db }) => readHistoryLimits(db),
})
