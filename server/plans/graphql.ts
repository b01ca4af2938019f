import type { InputFieldMap } from '@pothos/core'
import type { Prisma, Repository } from '../../prisma/generated/client/client.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { jobConnection, jobType, pagesOfJobs } from '../jobs/graphql/job.ts'
import { newestJob } from '../jobs/records/list.ts'
import { PatternsUnchecked } from '../jobs/records/problems.ts'
import { endedStates } from '../jobs/records/states.ts'
import { InvalidInput, NameTaken } from '../problems.ts'
import { RepositoryNotFound, RepositoryNotReady } from '../repositories/problems.ts'
import { builder, prices, type SchemaTypes } from '../schema/builder.ts'
import { userId } from '../schema/context.ts'
import { liveNode } from '../schema/live-node.ts'
import { pagesOf } from '../schema/pages.ts'
import { problemType } from '../schema/problems.ts'
import { containing } from '../schema/search.ts'
import { backupSettings } from './backup-settings.ts'
import { PlanNotFound } from './problems.ts'
import { planSections } from './sections/index.ts'
import { createPlan, deletePlan, type RunInput, startBackup, startDryRun, updatePlan } from './service.ts'
import { backupSettingsInput, backupSettingsType, settingsFields } from './settings-graphql.ts'

problemType(PlanNotFound, 'There is no plan with this id.')

interface PlansFilter {
  readonly search?: string | null | undefined
  readonly repositoryId?: { readonly id: string } | null | undefined
}

const plansWhere = (filter: PlansFilter): Prisma.BackupPlanWhereInput => ({
  ...(filter.search && { name: containing(filter.search) }),
  ...(filter.repositoryId && { repositoryId: filter.repositoryId.id }),
})

const planType = builder.prismaNode('BackupPlan', {
  nullable: true,
  id: { field: 'id' },
  select: { id: true, name: true },
  description: 'What is backed up, how, and into which repository. Without a schedule it runs when somebody says so.',
  fields: (t) => ({
    repository: t.relation('repository', { description: 'The repository that its archives go into.' }),
    settings: t.field({
      type: backupSettingsType,
      description: 'What its backups are asked to do.',
      select: { settings: true },
      resolve: ({ settings }) => backupSettings.parse(settings),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it was changed the last time.' }),
    jobs: t.prismaConnection(
      {
        ...pagesOfJobs(({ id }: { id: string }) => ({ planId: id })),
        description: 'Its jobs, dry runs among them, newest first.',
      },
      ...jobConnection,
    ),
    latestJob: t.prismaField({
      type: 'Job',
      nullable: true,
      description: 'Its newest backup, whatever its state; dry runs do not count.',
      resolve: (query, { id }, _args, { db }) => newestJob(db, query, { planId: id, kinds: ['BACKUP'] }),
    }),
    latestEndedJob: t.prismaField({
      type: 'Job',
      nullable: true,
      description: 'Its newest backup that has ended: how it went the last time; dry runs do not count.',
      resolve: (query, { id }, _args, { db }) =>
        newestJob(db, query, { planId: id, kinds: ['BACKUP'], states: endedStates }),
    }),
  }),
})

const plans = liveNode(planType, {
  model: 'BackupPlan',
  word: 'plan',
  deleted: 'A plan that does not exist any more; its jobs and archives do.',
})

builder.objectField(planType, 'name', (t) => t.exposeString('name', { description: 'Unique among the plans.' }))

builder.prismaObjectField('Repository', 'plans', (t) =>
  t.prismaConnection(
    {
      ...pagesOf('BackupPlan', ({ id }: Repository) => ({ where: { repositoryId: id }, orderBy: { name: 'asc' } })),
      description: 'The plans whose archives go into it, by name.',
    },
    ...plans.connection,
  ),
)

builder.prismaObjectField('Job', 'plan', (t) =>
  t.relation('plan', {
    nullable: true,
    description: 'The plan that it runs; null where there is none, or it was removed since.',
  }),
)

const sections = planSections.map(({ graphql }) => graphql({ builder, prices }))

/** How a plan's jobs are run; `isNew` says what becomes of what is left out. */
const policyFields = (
  t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>,
  isNew: boolean,
): InputFieldMap => Object.assign({}, ...sections.map(({ inputs }) => inputs(t, isNew)))

/** Who may say this of a plan. */
const mayWrite = (_root: unknown, { input }: { readonly input: object }) =>
  planSections.some(({ isRestricted }) => isRestricted(input)) ? { administrator: true } : { acting: true }

const createPlanInput = builder.inputType('CreatePlanInput', {
  description: 'A new plan.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique among the plans, 1 to 100 characters.' }),
    repositoryId: t.globalID({ required: true, description: 'The repository that its archives go into.' }),
    settings: t.field({ type: backupSettingsInput, required: true, description: 'What its backups are asked to do.' }),
    ...policyFields(t, true),
  }),
})

const updatePlanInput = builder.inputType('UpdatePlanInput', {
  description: 'Changes to a plan; what is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The plan.' }),
    name: t.string({ description: 'Its new name: unique among the plans, 1 to 100 characters.' }),
    repositoryId: t.globalID({ description: 'The repository that its archives go into from now on.' }),
    settings: t.field({
      type: backupSettingsInput,
      description: 'What its backups are asked to do; replaces all of it.',
    }),
    ...policyFields(t, false),
  }),
})

const deletePlanInput = builder.inputType('DeletePlanInput', {
  description: 'Which plan to remove.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The plan.' }) }),
})

/** Either a plan, or a repository with settings. */
const runFields = (t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>) => ({
  planId: t.globalID({ description: 'The plan to run. Nothing else may be given with it.' }),
  repositoryId: t.globalID({ description: 'The repository that the archive goes into, for a run without a plan.' }),
  ...settingsFields(t, false),
})

const startBackupInput = builder.inputType('StartBackupInput', {
  description: 'What to back up, and where: exactly one of `planId` and `repositoryId`.',
  fields: runFields,
})

const startDryRunInput = builder.inputType('StartDryRunInput', {
  description: 'Which backup to try: exactly one of `planId` and `repositoryId`.',
  fields: runFields,
})

const runOf = ({
  planId,
  repositoryId,
  ...settings
}: typeof startBackupInput.$inferInput | typeof startDryRunInput.$inferInput): RunInput => ({
  planId: planId?.id ?? null,
  repositoryId: repositoryId?.id ?? null,
  settings,
})

builder.queryFields((t) => ({
  plans: t.prismaConnection(
    {
      ...pagesOf('BackupPlan', (_root, filter: PlansFilter) => ({
        where: plansWhere(filter),
        orderBy: { name: 'asc' },
      })),
      description: 'All plans, by name.',
      args: {
        search: t.arg.string({ description: 'Only those with this in their name.' }),
        repositoryId: t.arg.globalID({ description: 'Only those of this repository.' }),
      },
    },
    ...plans.connection,
  ),
}))

const settingsProblems = [RepositoryNotFound, LocationUnusable, PatternsUnchecked, InvalidInput]

builder.mutationFields((t) => ({
  createPlan: t.field({
    type: planType,
    complexity: prices.program,
    description: 'Makes a plan. It runs when somebody says so, until it gets a schedule.',
    args: { input: t.arg({ type: createPlanInput, required: true, description: 'The new plan.' }) },
    authScopes: mayWrite,
    errors: { types: [NameTaken, ...settingsProblems] },
    resolve: (_root, { input: { repositoryId, ...rest } }, context) =>
      createPlan(context, { ...rest, repositoryId: repositoryId.id }),
  }),
  updatePlan: t.field({
    type: planType,
    complexity: prices.program,
    description:
      'Changes a plan. Jobs that were asked for before run as they were, but for its name: what `{plan}` and `BORGITORY_PLAN` stand for is read when they run.',
    args: { input: t.arg({ type: updatePlanInput, required: true, description: 'What changes.' }) },
    authScopes: mayWrite,
    errors: { types: [PlanNotFound, NameTaken, ...settingsProblems] },
    resolve: (_root, { input: { id, repositoryId, ...rest } }, context) =>
      updatePlan(context, id.id, { ...rest, repositoryId: repositoryId?.id }),
  }),
  deletePlan: t.field({
    type: plans.deletedType,
    description: 'Removes a plan with its schedules. Its jobs and archives stay, also jobs that have not ended.',
    args: { input: t.arg({ type: deletePlanInput, required: true, description: 'Which plan.' }) },
    errors: { types: [PlanNotFound, InvalidInput] },
    resolve: async (_root, { input }, context) => {
      await deletePlan(context, input.id.id)
      return { id: input.id.id }
    },
  }),
  startBackup: t.field({
    type: jobType,
    complexity: prices.program,
    description: 'Backs folders up into a new archive, as a plan or the input says. Returns the job.',
    args: { input: t.arg({ type: startBackupInput, required: true, description: 'What to back up, and where.' }) },
    errors: { types: [PlanNotFound, RepositoryNotReady, ...settingsProblems] },
    resolve: (_root, { input }, context) => startBackup(context, userId(context), runOf(input)),
  }),
  startDryRun: t.field({
    type: jobType,
    complexity: prices.program,
    description:
      'Finds out what a backup would take along and what not, without making an archive and without waiting for other jobs of the repository. Returns the job: its task’s output has a line for each file and folder.',
    args: { input: t.arg({ type: startDryRunInput, required: true, description: 'Which backup to try.' }) },
    errors: { types: [PlanNotFound, RepositoryNotReady, ...settingsProblems] },
    resolve: (_root, { input }, context) => startDryRun(context, userId(context), runOf(input)),
  }),
}))
