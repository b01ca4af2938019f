import type { Prisma, Task } from '../../prisma/generated/client/client.ts'
import { JobKind, RunState, TaskKind } from '../../prisma/generated/client/enums.ts'
import { InvalidInput } from '../problems.ts'
import { builder } from '../schema/builder.ts'
import { assertExists, startingWith } from '../schema/live.ts'
import { problemType } from '../schema/problems.ts'
import { percentDone, secondsLeft } from './estimate.ts'
import { followOutput, type OutputPage } from './output.ts'
import { readOutput } from './output-page.ts'
import { JobFinished, JobNotFound } from './problems.ts'
import { cancelJob } from './service.ts'
import { type BackupSettings, backupSettings, type CompressionSettings } from './settings.ts'

problemType(JobNotFound, 'There is no job with this id.')
problemType(JobFinished, 'The job has ended already; nothing was changed.')

builder.enumType(JobKind, {
  name: 'JobKind',
  description: 'What a job is for.',
  values: {
    CREATE_REPOSITORY: { description: 'Creates a new, empty borg repository.' },
    IMPORT_REPOSITORY: { description: 'Opens a borg repository that exists and reads its list of archives.' },
    BACKUP: { description: 'Backs folders up into a new archive.' },
    REFRESH_ARCHIVES: { description: 'Reads the list of archives again.' },
  },
})

builder.enumType(TaskKind, {
  name: 'TaskKind',
  description: 'What a task does.',
  values: {
    IMPORT_KEY: { description: '`borg key import`' },
    INIT: { description: '`borg init`' },
    BACKUP: { description: '`borg create`' },
    LIST: { description: '`borg list`: brings the records of the repository’s archives up to date.' },
  },
})

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
    CANCELLED: { description: 'Stopped because a person asked for it, or not begun because a task before it failed.' },
    INTERRUPTED: { description: 'Stopped because the server did.' },
  },
})

const compressionAlgorithm = builder.enumType('CompressionAlgorithm', {
  description: 'How an archive’s chunks are compressed.',
  values: {
    NONE: { description: 'Not at all.' },
    LZ4: { description: 'Very fast, compresses little.' },
    ZSTD: { description: 'Fast to thorough, by level: 1 to 22, 3 where none is given.' },
    ZLIB: { description: 'Moderate, by level: 0 to 9, 6 where none is given.' },
    LZMA: { description: 'Slow and thorough, by level: 0 to 9, 6 where none is given.' },
  },
})

export const compressionInput = builder.inputType('CompressionInput', {
  description: 'How an archive’s chunks are compressed.',
  fields: (t) => ({
    algorithm: t.field({ type: compressionAlgorithm, required: true, description: 'The algorithm.' }),
    level: t.int({ description: 'Its level; borg’s own default where none is given.' }),
    isAuto: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
    }),
  }),
})

const compression = builder.objectRef<CompressionSettings>('Compression').implement({
  description: 'How an archive’s chunks are compressed.',
  fields: (t) => ({
    algorithm: t.expose('algorithm', { type: compressionAlgorithm, description: 'The algorithm.' }),
    level: t.exposeInt('level', { nullable: true, description: 'Its level; null for borg’s own default.' }),
    isAuto: t.exposeBoolean('isAuto', {
      description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
    }),
  }),
})

const backup = builder.objectRef<BackupSettings>('BackupSettings').implement({
  description: 'What a backup is asked to do.',
  fields: (t) => ({
    sources: t.exposeStringList('sources', { description: 'Absolute paths of the folders.' }),
    compression: t.field({
      type: compression,
      description: 'How its chunks are compressed.',
      resolve: (settings) => settings.compression,
    }),
    comment: t.exposeString('comment', { description: 'What is noted with the archive; may be empty.' }),
  }),
})

const taskProgress = builder.objectRef<Task>('TaskProgress').implement({
  description: 'How far a task is; its last figures when it has ended.',
  fields: (t) => ({
    currentPath: t.exposeString('currentPath', { nullable: true, description: 'The file that is being read now.' }),
    message: t.exposeString('message', { nullable: true, description: 'What borg says that it is doing now.' }),
    fileCount: t.exposeInt('fileCount', { nullable: true, description: 'Files so far.' }),
    originalSize: t.expose('originalSize', { type: 'ByteCount', nullable: true, description: 'Bytes read so far.' }),
    compressedSize: t.expose('compressedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes after compression so far.',
    }),
    deduplicatedSize: t.expose('deduplicatedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes new to the repository so far.',
    }),
    expectedOriginalSize: t.expose('expectedOriginalSize', {
      type: 'ByteCount',
      nullable: true,
      description:
        'What `originalSize` is expected to become, from the last archive of the same folders; null without one.',
    }),
    bytesPerSecond: t.expose('bytesPerSecond', {
      type: 'ByteCount',
      nullable: true,
      description: 'Bytes read in a second, over the last seconds.',
    }),
    percent: t.float({
      nullable: true,
      description: '0 to 100, estimated from the last archive of the same folders; null without one.',
      resolve: percentDone,
    }),
    secondsLeft: t.int({
      nullable: true,
      description: 'Seconds until the end, estimated from the last archive of the same folders; null without one.',
      resolve: secondsLeft,
    }),
  }),
})

const taskOutput = builder.objectRef<OutputPage>('TaskOutput').implement({
  description: 'Consecutive lines that a task printed.',
  fields: (t) => ({
    cursor: t.exposeInt('cursor', {
      description: 'Number of lines up to and including the last of `lines`: the `after` that continues here.',
    }),
    lines: t.stringList({ description: 'The lines, oldest first.', resolve: ({ lines }) => [...lines] }),
  }),
})

builder.prismaNode('FileProblem', {
  nullable: true,
  id: { field: 'id' },
  description: 'One file that a task could not handle.',
  fields: (t) => ({
    path: t.exposeString('path', { nullable: true }),
    message: t.exposeString('message', { description: 'What was wrong with it, in the words of borg.' }),
  }),
})

builder.prismaNode('Task', {
  nullable: true,
  id: { field: 'id' },
  description: 'One step of a job.',
  fields: (t) => ({
    kind: t.expose('kind', { type: TaskKind, description: 'What it does.' }),
    state: t.expose('state', { type: RunState, description: 'Where it stands.' }),
    problem: t.exposeString('problem', { nullable: true }),
    commandLine: t.exposeString('commandLine', { nullable: true }),
    exitCode: t.exposeInt('exitCode', {
      nullable: true,
      description: 'The status that the program ended with; null where it has not, or a signal ended it.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    progress: t.field({ type: taskProgress, description: 'How far it is.', resolve: (task) => task }),
    lineCount: t.exposeInt('lineCount'),
    fileProblemCount: t.exposeInt('fileProblemCount', { description: 'Number of files that it could not handle.' }),
    fileProblems: t.relatedConnection('fileProblems', {
      cursor: 'id',
      totalCount: true,
      description: 'The files that it could not handle, in the order of their finding.',
      query: { orderBy: { position: 'asc' } },
    }),
    output: t.field({
      type: taskOutput,
      description: 'Lines that it printed.',
      args: {
        after: t.arg.int({ required: true, defaultValue: 0, description: 'Number of lines to pass over.' }),
        first: t.arg.int({ required: true, defaultValue: 1000, description: 'How many lines at most, up to 10,000.' }),
      },
      resolve: ({ id }, { after, first }, { jobs }) => readOutput(jobs.outputs, id, { after, first }),
    }),
  }),
})

builder.prismaNode('Job', {
  nullable: true,
  id: { field: 'id' },
  description: 'One run, with its tasks.',
  fields: (t) => ({
    kind: t.expose('kind', { type: JobKind, description: 'What it is for.' }),
    state: t.expose('state', { type: RunState, description: 'Where it stands.' }),
    repository: t.relation('repository', {
      nullable: true,
      description: 'The repository that it works on; null where that was removed since.',
    }),
    repositoryName: t.exposeString('repositoryName'),
    requestedBy: t.relation('requestedBy', {
      nullable: true,
      description: 'Who asked for it; null where Borgitory itself did.',
    }),
    waitingFor: t.exposeString('waitingFor', { nullable: true }),
    problem: t.exposeString('problem', { nullable: true }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When somebody asked for it to be cancelled.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    tasks: t.relation('tasks', { description: 'Its tasks, in order.', query: { orderBy: { position: 'asc' } } }),
    backup: t.field({
      type: backup,
      nullable: true,
      description: 'What a BACKUP job was asked to do; null for other kinds.',
      resolve: ({ settings }) => backupSettings.safeParse(settings).data ?? null,
    }),
    archive: t.prismaField({
      type: 'Archive',
      nullable: true,
      description: 'The archive that a BACKUP job made.',
      resolve: (query, { id }, _args, { db }) => db.archive.findFirst({ ...query, where: { jobId: id } }),
    }),
  }),
})

export const jobFilter = builder.inputType('JobFilter', {
  description: 'Which jobs; all conditions hold together.',
  fields: (t) => ({
    states: t.field({ type: [RunState], description: 'In one of these states.' }),
    kinds: t.field({ type: [JobKind], description: 'Of one of these kinds.' }),
    repositoryId: t.globalID({ description: 'Of this repository.' }),
  }),
})

/** The condition that a filter stands for. */
export const jobsWhere = (filter: typeof jobFilter.$inferInput | null | undefined): Prisma.JobWhereInput => ({
  ...(filter?.states && { state: { in: filter.states } }),
  ...(filter?.kinds && { kind: { in: filter.kinds } }),
  ...(filter?.repositoryId && { repositoryId: filter.repositoryId.id }),
})

builder.queryField('jobs', (t) =>
  t.prismaConnection({
    type: 'Job',
    cursor: 'id',
    description: 'All jobs, newest first.',
    args: { filter: t.arg({ type: jobFilter, description: 'Only these.' }) },
    totalCount: (_connection, { filter }, { db }) => db.job.count({ where: jobsWhere(filter) }),
    resolve: (query, _root, { filter }, { db }) =>
      db.job.findMany({ ...query, where: jobsWhere(filter), orderBy: { id: 'desc' } }),
  }),
)

const cancelJobInput = builder.inputType('CancelJobInput', {
  description: 'Which job to cancel.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The job.' }) }),
})

builder.mutationField('cancelJob', (t) =>
  t.prismaField({
    type: 'Job',
    description:
      'Cancels a job: at once where it waits; otherwise borg is interrupted, so that it leaves its repository in order. The job is `CANCELLED` when borg has ended.',
    args: { input: t.arg({ type: cancelJobInput, required: true, description: 'Which job.' }) },
    errors: { types: [JobNotFound, JobFinished, InvalidInput] },
    resolve: (_query, _root, { input }, context) => cancelJob(context, input.id.id),
  }),
)

builder.subscriptionFields((t) => ({
  jobChanged: t.prismaField({
    type: 'Job',
    description: 'A job, each time that something about it or its tasks changed; begins with how it is now.',
    args: { id: t.arg.globalID({ required: true, description: 'The job.' }) },
    subscribe: async (_root, { id }, { db, events }) => {
      assertExists(await db.job.findUnique({ where: { id: id.id }, select: { id: true } }), 'job')
      return startingWith(id.id, events.watch('job:changed', id.id))
    },
    resolve: (query, id, _args, { db }) => db.job.findUniqueOrThrow({ ...query, where: { id: id as string } }),
  }),
  jobsChanged: t.prismaField({
    type: 'Job',
    description: 'Any job that changes, from now on.',
    subscribe: (_root, _args, { events }) => events.watch('job:changed'),
    resolve: (query, id, _args, { db }) => db.job.findUniqueOrThrow({ ...query, where: { id: id as string } }),
  }),
  taskOutput: t.field({
    type: taskOutput,
    description:
      'Every line that a task prints, without a gap: first what is there after `after`, then what comes. Ends when the task has ended.',
    args: {
      taskId: t.arg.globalID({ required: true, description: 'The task.' }),
      after: t.arg.int({
        required: true,
        defaultValue: 0,
        description: 'Number of lines to pass over: the last `cursor` that was received.',
      }),
    },
    subscribe: async (_root, { taskId, after }, { db, events, jobs }) => {
      assertExists(await db.task.findUnique({ where: { id: taskId.id }, select: { id: true } }), 'task')
      return followOutput({ db, events, outputs: jobs.outputs }, taskId.id, Math.max(0, after))
    },
    resolve: (page) => page as OutputPage,
  }),
}))
