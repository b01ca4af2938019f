import type { Prisma } from '../../prisma/generated/client/client.ts'
import { MissedRunPolicy, OverlapPolicy, ScheduledAction } from '../../prisma/generated/client/enums.ts'
import { jobConnection, jobType, pagesOfJobs } from '../jobs/graphql/job.ts'
import { jobKinds } from '../jobs/kinds/index.ts'
import { newestJob } from '../jobs/records/list.ts'
import { PlanNotFound } from '../plans/problems.ts'
import { InvalidInput, NameTaken } from '../problems.ts'
import { RepositoryNotFound, RepositoryNotReady } from '../repositories/problems.ts'
import { builder } from '../schema/builder.ts'
import { userId } from '../schema/context.ts'
import { liveNode } from '../schema/live-node.ts'
import { pagesOf } from '../schema/pages.ts'
import { problemType } from '../schema/problems.ts'
import { containing } from '../schema/search.ts'
import { computing, nextRunsOf } from './calendar.ts'
import { ScheduleNotFound } from './problems.ts'
import { createSchedule, deleteSchedule, startSchedule, updateSchedule } from './service.ts'
import type { Due } from './times/timing.ts'
import { describeTimes, type StoredWindow, storedWindow } from './times/timing-columns.ts'

problemType(ScheduleNotFound, 'There is no schedule with this id.')

builder.enumType(ScheduledAction, {
  name: 'ScheduledAction',
  description: 'What a schedule has done.',
  values: Object.fromEntries(Object.values(ScheduledAction).map((action) => [action, jobKinds[action]])),
})

builder.enumType(MissedRunPolicy, {
  name: 'MissedRunPolicy',
  description: 'What becomes of a run that was due while the server did not run.',
  values: {
    RUN_ONCE: { description: 'It is made up for once, however many were missed.' },
    SKIP: { description: 'It is left out.' },
  },
})

builder.enumType(OverlapPolicy, {
  name: 'OverlapPolicy',
  description: 'What becomes of a run that is due while the one before has not ended.',
  values: {
    SKIP: { description: 'It is left out.' },
    QUEUE: { description: 'It waits; at most one does.' },
  },
})

const weekdaysDescription = 'The days of the week on which it opens, 0 (Sunday) to 6; null for every day.'

const allowedWindow = builder.objectRef<StoredWindow>('AllowedWindow').implement({
  description: 'The hours in which runs may begin, by the clock of the schedule’s time zone.',
  fields: (t) => ({
    from: t.exposeString('from', { description: 'When it opens, such as `22:00`.' }),
    to: t.exposeString('to', { description: 'When it closes; before `from` for a window that passes midnight.' }),
    weekdays: t.intList({
      nullable: true,
      description: weekdaysDescription,
      resolve: ({ weekdays }) => weekdays,
    }),
  }),
})

const scheduledRun = builder.objectRef<Due>('ScheduledRun').implement({
  description: 'One run that is to come.',
  fields: (t) => ({
    scheduledFor: t.expose('scheduledFor', {
      type: 'DateTime',
      description: 'The time of the schedule that it is for.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it begins: jitter and window are counted in.' }),
  }),
})

/** What it costs to compute one run: it takes some 50 to 500 µs. */
export const runPrice = 2

/** Runs of one schedule that are told at once. */
const mostRuns = 100

export const scheduleType = builder.prismaNode('Schedule', {
  nullable: true,
  id: { field: 'id' },
  select: { id: true, name: true },
  description: 'When something is done.',
  fields: (t) => ({
    action: t.expose('action', { type: ScheduledAction, description: 'What it has done.' }),
    plan: t.relation('plan', { nullable: true, description: 'The plan that it runs; null for other actions.' }),
    repository: t.prismaField({
      type: 'Repository',
      nullable: true,
      description: 'The repository that it works on: its own, or that of its plan.',
      resolve: (query, { id }, _args, { db }) =>
        db.repository.findFirst({
          ...query,
          where: { OR: [{ schedules: { some: { id } } }, { plans: { some: { schedules: { some: { id } } } } }] },
        }),
    }),
    cron: t.exposeString('cron'),
    timeZone: t.exposeString('timeZone'),
    text: t.string({
      // Takes half a millisecond.
      complexity: 10,
      description:
        'When it runs, in plain English: “At 02:30, Monday through Friday”. The cron text where the server’s system knows its time zone no more.',
      select: { cron: true, timeZone: true },
      resolve: (schedule) => computing(() => describeTimes(schedule)),
    }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'Whether it runs at its times.' }),
    window: t.field({
      type: allowedWindow,
      nullable: true,
      description: 'The hours in which runs may begin; null for any time.',
      select: { window: true },
      resolve: ({ window }) => (window === null ? null : storedWindow.parse(window)),
    }),
    jitter: t.exposeInt('jitter'),
    maxDuration: t.exposeInt('maxDuration', { nullable: true }),
    missedRunPolicy: t.expose('missedRunPolicy', {
      type: MissedRunPolicy,
      description: 'What becomes of a run that was due while the server did not run.',
    }),
    overlapPolicy: t.expose('overlapPolicy', {
      type: OverlapPolicy,
      description: 'What becomes of a run that is due while the one before has not ended.',
    }),
    nextRunAt: t.expose('nextRunAt', { type: 'DateTime', nullable: true }),
    lastScheduledFor: t.expose('lastScheduledFor', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the schedule that its last run was for; null before the first.',
    }),
    lastSkippedFor: t.expose('lastSkippedFor', {
      type: 'DateTime',
      nullable: true,
      description: 'The time of the schedule whose run was left out last; null where none was.',
    }),
    lastSkippedReason: t.exposeString('lastSkippedReason', {
      nullable: true,
      description: 'Why that run was left out, in plain words.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    nextRuns: t.field({
      type: [scheduledRun],
      complexity: ({ first }) => ({
        field: Math.min(Math.max(first, 1), mostRuns) * runPrice,
        multiplier: Math.min(first, mostRuns),
      }),
      description: 'Its next runs; none where it is disabled, or the server’s system knows its time zone no more.',
      args: {
        first: t.arg.int({ required: true, defaultValue: 5, description: `How many at most, up to ${mostRuns}.` }),
      },
      select: {
        cron: true,
        timeZone: true,
        window: true,
        jitter: true,
        lastScheduledFor: true,
        nextRunAt: true,
        nextScheduledFor: true,
      },
      resolve: async (schedule, { first }) => [...(await nextRunsOf(schedule, Math.min(Math.max(first, 0), mostRuns)))],
    }),
    latestJob: t.prismaField({
      type: 'Job',
      nullable: true,
      description: 'The job of its latest run; null where there is none.',
      resolve: (query, { id }, _args, { db }) => newestJob(db, query, { scheduleId: id }),
    }),
    jobs: t.prismaConnection(
      {
        ...pagesOfJobs(({ id }: { id: string }) => ({ scheduleId: id })),
        description: 'The jobs of its runs, newest first.',
      },
      ...jobConnection,
    ),
  }),
})

const schedules = liveNode(scheduleType, {
  model: 'Schedule',
  word: 'schedule',
  deleted: 'A schedule that was removed; its jobs were not touched.',
})

builder.objectField(scheduleType, 'name', (t) => t.exposeString('name', { description: 'Unique among the schedules.' }))

builder.prismaObjectField('BackupPlan', 'schedules', (t) =>
  t.relation('schedules', {
    description: 'When it runs: its schedules, the one that runs next first; at most 100.',
    query: { orderBy: [{ nextRunAt: { sort: 'asc', nulls: 'last' } }, { name: 'asc' }], take: 100 },
  }),
)

builder.prismaObjectFields('Job', (t) => ({
  schedule: t.relation('schedule', {
    nullable: true,
    description: 'The schedule that it is a run of; null where it is none, or that was removed since.',
  }),
  scheduledFor: t.expose('scheduledFor', {
    type: 'DateTime',
    nullable: true,
    description: 'The time of the schedule that it is for; null where a person started it.',
  }),
  maxDuration: t.exposeInt('maxDuration', {
    nullable: true,
    description: 'Seconds after which it is stopped; null for no limit.',
  }),
}))

interface SchedulesFilter {
  readonly search?: string | null | undefined
  readonly planId?: { readonly id: string } | null | undefined
  readonly repositoryId?: { readonly id: string } | null | undefined
}

const schedulesWhere = ({ search, planId, repositoryId }: SchedulesFilter): Prisma.ScheduleWhereInput => ({
  ...(search && { name: containing(search) }),
  ...(planId && { planId: planId.id }),
  ...(repositoryId && {
    OR: [{ repositoryId: repositoryId.id }, { plan: { is: { repositoryId: repositoryId.id } } }],
  }),
})

const scheduleOrder = builder.enumType('ScheduleOrder', {
  description: 'What comes first in a list of schedules.',
  values: {
    NAME: { description: 'By name.' },
    NEXT_RUN: { description: 'The one that runs next; in the end those that do not run.' },
  } as const,
})

interface SchedulesOrder {
  readonly order: typeof scheduleOrder.$inferType
}

const schedulesOrder: Record<typeof scheduleOrder.$inferType, Prisma.ScheduleOrderByWithRelationInput[]> = {
  NAME: [{ name: 'asc' }],
  NEXT_RUN: [{ nextRunAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
}

builder.queryFields((t) => ({
  schedules: t.prismaConnection(
    {
      ...pagesOf('Schedule', (_root, { order, ...filter }: SchedulesFilter & SchedulesOrder) => ({
        where: schedulesWhere(filter),
        orderBy: schedulesOrder[order],
      })),
      description: 'All schedules, by name where nothing else is asked for.',
      args: {
        search: t.arg.string({ description: 'Only those with this in their name.' }),
        planId: t.arg.globalID({ description: 'Only those of this plan.' }),
        repositoryId: t.arg.globalID({ description: 'Only those that work on this repository.' }),
        order: t.arg({ type: scheduleOrder, required: true, defaultValue: 'NAME', description: 'Which come first.' }),
      },
    },
    ...schedules.connection,
  ),
}))

const allowedWindowInput = builder.inputType('AllowedWindowInput', {
  description: 'The hours in which runs may begin, by the clock of the schedule’s time zone.',
  fields: (t) => ({
    from: t.string({ required: true, description: 'When it opens: `00:00` to `23:59`.' }),
    to: t.string({ required: true, description: 'When it closes: up to `24:00`; before `from` to pass midnight.' }),
    weekdays: t.intList({ description: weekdaysDescription }),
  }),
})

const descriptions = {
  name: 'Unique among the schedules, 1 to 100 characters.',
  action: 'What it has done.',
  planId: 'The plan that it runs; for BACKUP only.',
  repositoryId: 'The repository that it works on; not for BACKUP, whose plan names it.',
  cron: 'Five cron fields, or a preset such as `@daily`.',
  timeZone: 'IANA name of the time zone that the cron fields and the window are in, such as `Europe/Berlin`.',
  isEnabled: 'Whether it runs at its times.',
  window: 'The hours in which runs may begin; null for any time.',
  jitter: 'Runs begin up to so many seconds late, always the same for one run: 0 to 86,400.',
  maxDuration: 'A run is stopped after so many seconds, 1 to 604,800; null for no limit.',
  missedRunPolicy: 'What becomes of a run that was due while the server did not run.',
  overlapPolicy: 'What becomes of a run that is due while the one before has not ended.',
}

const createScheduleInput = builder.inputType('CreateScheduleInput', {
  description: 'A new schedule.',
  fields: (t) => ({
    name: t.string({ required: true, description: descriptions.name }),
    action: t.field({ type: ScheduledAction, required: true, description: descriptions.action }),
    planId: t.globalID({ description: descriptions.planId }),
    repositoryId: t.globalID({ description: descriptions.repositoryId }),
    cron: t.string({ required: true, description: descriptions.cron }),
    timeZone: t.string({ required: true, description: descriptions.timeZone }),
    isEnabled: t.boolean({ required: true, defaultValue: true, description: descriptions.isEnabled }),
    window: t.field({ type: allowedWindowInput, description: descriptions.window }),
    jitter: t.int({ required: true, defaultValue: 0, description: descriptions.jitter }),
    maxDuration: t.int({ description: descriptions.maxDuration }),
    missedRunPolicy: t.field({
      type: MissedRunPolicy,
      required: true,
      defaultValue: 'RUN_ONCE',
      description: descriptions.missedRunPolicy,
    }),
    overlapPolicy: t.field({
      type: OverlapPolicy,
      required: true,
      defaultValue: 'SKIP',
      description: descriptions.overlapPolicy,
    }),
  }),
})

const updateScheduleInput = builder.inputType('UpdateScheduleInput', {
  description: 'Changes to a schedule; what is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The schedule.' }),
    name: t.string({ description: descriptions.name }),
    action: t.field({ type: ScheduledAction, description: descriptions.action }),
    planId: t.globalID({ description: descriptions.planId }),
    repositoryId: t.globalID({ description: descriptions.repositoryId }),
    cron: t.string({ description: descriptions.cron }),
    timeZone: t.string({ description: descriptions.timeZone }),
    isEnabled: t.boolean({ description: descriptions.isEnabled }),
    window: t.field({ type: allowedWindowInput, description: descriptions.window }),
    jitter: t.int({ description: descriptions.jitter }),
    maxDuration: t.int({ description: descriptions.maxDuration }),
    missedRunPolicy: t.field({ type: MissedRunPolicy, description: descriptions.missedRunPolicy }),
    overlapPolicy: t.field({ type: OverlapPolicy, description: descriptions.overlapPolicy }),
  }),
})

const deleteScheduleInput = builder.inputType('DeleteScheduleInput', {
  description: 'Which schedule to remove.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The schedule.' }) }),
})

const startScheduleInput = builder.inputType('StartScheduleInput', {
  description: 'Which schedule to run now.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The schedule.' }) }),
})

builder.mutationFields((t) => ({
  createSchedule: t.field({
    type: scheduleType,
    description: 'Creates a schedule.',
    args: { input: t.arg({ type: createScheduleInput, required: true, description: 'The new schedule.' }) },
    errors: { types: [NameTaken, PlanNotFound, RepositoryNotFound, InvalidInput] },
    resolve: (_root, { input: { planId, repositoryId, ...input } }, context) =>
      createSchedule(context, { ...input, planId: planId?.id, repositoryId: repositoryId?.id }),
  }),
  updateSchedule: t.field({
    type: scheduleType,
    description: 'Changes a schedule. What was due before is not made up for by new times.',
    args: { input: t.arg({ type: updateScheduleInput, required: true, description: 'What changes.' }) },
    errors: { types: [ScheduleNotFound, NameTaken, PlanNotFound, RepositoryNotFound, InvalidInput] },
    resolve: (_root, { input: { id, planId, repositoryId, ...changes } }, context) =>
      updateSchedule(context, id.id, { ...changes, planId: planId?.id, repositoryId: repositoryId?.id }),
  }),
  deleteSchedule: t.field({
    type: schedules.deletedType,
    description: 'Removes a schedule. Its jobs stay, and those that run go on.',
    args: { input: t.arg({ type: deleteScheduleInput, required: true, description: 'Which schedule.' }) },
    errors: { types: [ScheduleNotFound, InvalidInput] },
    resolve: async (_root, { input }, context) => {
      await deleteSchedule(context, input.id.id)
      return { id: input.id.id }
    },
  }),
  startSchedule: t.field({
    type: jobType,
    description: 'Has a schedule do now what it is for, enabled or not; its own times stay. Returns the job.',
    args: { input: t.arg({ type: startScheduleInput, required: true, description: 'Which schedule.' }) },
    errors: { types: [ScheduleNotFound, RepositoryNotReady, InvalidInput] },
    resolve: (_root, { input }, context) => startSchedule(context, userId(context), input.id.id),
  }),
}))
