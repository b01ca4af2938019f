import type { Prisma, Repository } from '../../prisma/generated/client/client.ts'
import { JobPriority } from '../../prisma/generated/client/enums.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { jobConnection, pagesOfJobs } from '../jobs/graphql/job.ts'
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
import { hookInput, hooksOf } from './hooks-graphql.ts'
import { optionInputs } from './option-fields.ts'
import { PlanNotFound } from './problems.ts'
import {
  type ArchiveNamePreview,
  archiveNamePreview,
  createPlan,
  deletePlan,
  patternProblem,
  type RunInput,
  startBackup,
  startDryRun,
  updatePlan,
} from './service.ts'
import { backupSettingsType, compressionAlgorithm, patternAction, patternStyle } from './settings-graphql.ts'

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
    priority: t.expose('priority', { type: JobPriority, description: 'Which other jobs its jobs go before.' }),
    retries: t.exposeInt('retries'),
    retryDelay: t.exposeInt('retryDelay'),
    timeLimit: t.exposeInt('timeLimit', { nullable: true }),
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

const patternInput = builder.inputType('PatternInput', {
  description: 'One rule about what is backed up.',
  fields: (t) => ({
    action: t.field({ type: patternAction, required: true, description: 'What becomes of what it matches.' }),
    style: t.field({ type: patternStyle, required: true, description: 'How it is read.' }),
    pattern: t.string({ required: true, description: 'Its text: up to 1000 characters.' }),
  }),
})

const compressionInput = builder.inputType('CompressionInput', {
  description: 'How an archive’s chunks are compressed.',
  fields: (t) => ({
    algorithm: t.field({ type: compressionAlgorithm, required: true, description: 'The algorithm.' }),
    level: t.int({ description: 'Its level; borg’s own default where none is given.' }),
    isAuto: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
    }),
    obfuscation: t.int({
      description:
        'Hides the sizes of chunks: 1 to 6 by a random factor, 110 to 123 by a random padding. Only for encrypted repositories.',
    }),
  }),
})

/** The settings that may be left out, wherever they are asked for. */
const optionalSettings = (t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>) => ({
  patterns: t.field({
    type: [patternInput],
    description:
      'Rules about what is backed up: the first that matches decides. Up to 200; none where they are left out.',
  }),
  compression: t.field({ type: compressionInput, description: 'How chunks are compressed; LZ4 where it is left out.' }),
  ...optionInputs(t),
  archiveName: t.string({
    description:
      'The template of the archive’s name, `{hostname}-{plan}-{utcnow}` where it is left out. Knows `{hostname}` `{plan}` (the repository’s name for a run without a plan) `{repository}` `{user}` `{now}` `{utcnow}`, and times as in `{now:%Y-%m-%d}`; names stand there with `-` for spaces, slashes and double colons. An archive’s name that is taken gets a number.',
  }),
  comment: t.string({ description: 'What is noted with the archive: up to 1000 characters.' }),
})

const sourcesDescription = 'Absolute paths of folders or files on the machine that runs Borgitory: 1 to 100.'

const settingsInput = builder.inputType('BackupSettingsInput', {
  description: 'What a backup is asked to do.',
  fields: (t) => ({
    sources: t.stringList({ required: true, description: sourcesDescription }),
    ...optionalSettings(t),
  }),
})

/** How a plan's jobs are run; `isNew` says what becomes of what is left out. */
const policyFields = (t: PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>, isNew: boolean) => {
  const orElse = (value: string) => (isNew ? `; ${value} where it is left out.` : '.')
  return {
    priority: t.field({ type: JobPriority, description: `Which other jobs its jobs go before${orElse('NORMAL')}` }),
    retries: t.int({ description: `How many times a backup that failed is tried again: 0 to 10${orElse('0')}` }),
    retryDelay: t.int({
      description: `Seconds before the first of these tries, 1 to 86400; each further one waits twice as long${orElse('60')}`,
    }),
    timeLimit: t.int({
      description: `Seconds after which one try of a backup is stopped, 60 to 604800; null for no limit${orElse('none')}`,
    }),
    hooks: t.field({
      type: [hookInput],
      description: `What it runs before and after its backups, in order; up to 20${isNew ? '' : ', which replace all there are'}. Only administrators may give any.`,
    }),
  }
}

/** Who may say what a plan runs as a shell command. */
const mayWrite = (_root: unknown, { input }: { readonly input: { readonly hooks?: unknown } }) =>
  input.hooks ? { administrator: true } : { signedIn: true }

const createPlanInput = builder.inputType('CreatePlanInput', {
  description: 'A new plan.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique among the plans, 1 to 100 characters.' }),
    repositoryId: t.globalID({ required: true, description: 'The repository that its archives go into.' }),
    settings: t.field({ type: settingsInput, required: true, description: 'What its backups are asked to do.' }),
    ...policyFields(t, true),
  }),
})

const updatePlanInput = builder.inputType('UpdatePlanInput', {
  description: 'Changes to a plan; what is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The plan.' }),
    name: t.string({ description: 'Its new name: unique among the plans, 1 to 100 characters.' }),
    repositoryId: t.globalID({ description: 'The repository that its archives go into from now on.' }),
    settings: t.field({ type: settingsInput, description: 'What its backups are asked to do; replaces all of it.' }),
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
  sources: t.stringList({ description: `${sourcesDescription} Needed without a plan.` }),
  ...optionalSettings(t),
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

type PatternProblem = NonNullable<Awaited<ReturnType<typeof patternProblem>>>

const patternProblemType = builder.objectRef<PatternProblem>('PatternProblem').implement({
  description: 'What is wrong with one of several patterns.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place among the patterns, from 0.' }),
    message: t.exposeString('message', { description: 'What is wrong with it.' }),
  }),
})

const archiveNamePreviewType = builder.objectRef<ArchiveNamePreview>('ArchiveNamePreview').implement({
  description: 'What a template makes of an archive’s name. Either `name` or `problem` is null.',
  fields: (t) => ({
    name: t.exposeString('name', {
      nullable: true,
      description: 'The name that an archive would get now; one that is taken gets a number besides.',
    }),
    problem: t.exposeString('problem', { nullable: true, description: 'Why the template makes no name.' }),
  }),
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
  patternProblem: t.field({
    type: patternProblemType,
    nullable: true,
    // Starts borg, up to nine times: some in one operation are enough.
    complexity: prices.program,
    description: 'The first of the patterns that is wrong, as borg itself sees it; null where none is.',
    args: { patterns: t.arg({ type: [patternInput], required: true, description: 'The patterns, in order.' }) },
    errors: { types: [PatternsUnchecked] },
    resolve: (_root, { patterns }, context) => patternProblem(context, patterns),
  }),
  archiveNamePreview: t.field({
    type: archiveNamePreviewType,
    complexity: 10,
    description: 'What a template would make of an archive’s name now.',
    args: {
      template: t.arg.string({ required: true, description: 'The template.' }),
      planName: t.arg.string({ description: 'What `{plan}` stands for; the repository’s name where it is left out.' }),
      repositoryId: t.arg.globalID({ required: true, description: 'The repository that the archive would go into.' }),
    },
    errors: { types: [RepositoryNotFound] },
    resolve: (_root, { template, planName, repositoryId }, context) =>
      archiveNamePreview(context, { template, planName: planName ?? null, repositoryId: repositoryId.id }),
  }),
}))

const settingsProblems = [RepositoryNotFound, LocationUnusable, PatternsUnchecked, InvalidInput]

builder.mutationFields((t) => ({
  createPlan: t.prismaField({
    type: 'BackupPlan',
    complexity: prices.program,
    description: 'Makes a plan. It runs when somebody says so, until it gets a schedule.',
    args: { input: t.arg({ type: createPlanInput, required: true, description: 'The new plan.' }) },
    authScopes: mayWrite,
    errors: { types: [NameTaken, ...settingsProblems] },
    resolve: (_query, _root, { input: { repositoryId, hooks, ...rest } }, context) =>
      createPlan(context, { ...rest, repositoryId: repositoryId.id, hooks: hooksOf(hooks) }),
  }),
  updatePlan: t.prismaField({
    type: 'BackupPlan',
    complexity: prices.program,
    description:
      'Changes a plan. Jobs that were asked for before run as they were, but for its name: what `{plan}` and `BORGITORY_PLAN` stand for is read when they run.',
    args: { input: t.arg({ type: updatePlanInput, required: true, description: 'What changes.' }) },
    authScopes: mayWrite,
    errors: { types: [PlanNotFound, NameTaken, ...settingsProblems] },
    resolve: (_query, _root, { input: { id, repositoryId, hooks, ...rest } }, context) =>
      updatePlan(context, id.id, { ...rest, repositoryId: repositoryId?.id, hooks: hooksOf(hooks) }),
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
  startBackup: t.prismaField({
    type: 'Job',
    complexity: prices.program,
    description: 'Backs folders up into a new archive, as a plan or the input says. Returns the job.',
    args: { input: t.arg({ type: startBackupInput, required: true, description: 'What to back up, and where.' }) },
    errors: { types: [PlanNotFound, RepositoryNotReady, ...settingsProblems] },
    resolve: (_query, _root, { input }, context) => startBackup(context, userId(context), runOf(input)),
  }),
  startDryRun: t.prismaField({
    type: 'Job',
    complexity: prices.program,
    description:
      'Finds out what a backup would take along and what not, without making an archive and without waiting for other jobs of the repository. Returns the job: its task’s output has a line for each file and folder.',
    args: { input: t.arg({ type: startDryRunInput, required: true, description: 'Which backup to try.' }) },
    errors: { types: [PlanNotFound, RepositoryNotReady, ...settingsProblems] },
    resolve: (_query, _root, { input }, context) => startDryRun(context, userId(context), runOf(input)),
  }),
}))
