import { RunState } from '../../prisma/generated/client/enums.ts'
import { builder } from '../schema/builder.ts'
import { createStretches } from '../taking-turns.ts'
import { longestPeriod, mostRuns, type PlanRun, type PlanStatistics, planStatistics } from './statistics.ts'

const reading = createStretches()

const planRun = builder.objectRef<PlanRun>('PlanRun').implement({
  description: 'One backup of a plan that has ended.',
  fields: (t) => ({
    job: t.prismaField({
      type: 'Job',
      description: 'Its job.',
      resolve: (query, { jobId }, _args, { db }) => db.job.findUniqueOrThrow({ ...query, where: { id: jobId } }),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it began, or ended where it never did.' }),
    state: t.expose('state', { type: RunState, description: 'How it ended.' }),
    duration: t.exposeInt('duration', {
      nullable: true,
      description: 'Seconds from its beginning to its end; null where it never began.',
    }),
    originalSize: t.expose('originalSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes that the archive holds; null where none was made, or only part of one.',
    }),
    deduplicatedSize: t.expose('deduplicatedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes that were new to the repository; null where no archive was made, or only part of one.',
    }),
  }),
})

const statistics = builder.objectRef<PlanStatistics>('PlanStatistics').implement({
  description:
    'How the backups of a plan went lately. Those that were cancelled and those that have not ended do not count.',
  fields: (t) => ({
    runCount: t.exposeInt('runCount', { description: 'Number of backups.' }),
    completedCount: t.exposeInt('completedCount', { description: 'Those that did everything.' }),
    warningCount: t.exposeInt('warningCount', { description: 'Those that could not take everything along.' }),
    failedCount: t.exposeInt('failedCount', { description: 'Those that failed or were interrupted.' }),
    successRate: t.exposeFloat('successRate', {
      nullable: true,
      description:
        'The share of those that were completed, with or without warnings: 0 to 1; null without any backups.',
    }),
    medianDuration: t.exposeInt('medianDuration', {
      nullable: true,
      description: 'Seconds that those among `runs` took that were completed, the middle one; null without any.',
    }),
    averageDuration: t.exposeInt('averageDuration', {
      nullable: true,
      description: 'Seconds that those among `runs` took that were completed, on average; null without any.',
    }),
    runs: t.field({
      type: [planRun],
      complexity: { field: 0, multiplier: mostRuns },
      description: `The backups one by one, oldest first: the newest ${mostRuns}.`,
      resolve: ({ runs }) => [...runs],
    }),
  }),
})

builder.prismaObjectField('BackupPlan', 'statistics', (t) =>
  t.field({
    type: statistics,
    description: 'How its backups went lately.',
    // It may read this many jobs, each with its backup.
    complexity: { field: mostRuns, multiplier: 1 },
    args: {
      days: t.arg.int({
        required: true,
        defaultValue: 90,
        description: `The days before now that count, 1 to ${longestPeriod}.`,
      }),
    },
    resolve: ({ id }, { days }, context) => reading(() => planStatistics(context, id, days)),
  }),
)
