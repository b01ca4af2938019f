import { queryFromInfo } from '@pothos/plugin-prisma'
import type { Job } from '../../prisma/generated/client/client.ts'
import { JobKind, RunState } from '../../prisma/generated/client/enums.ts'
import { InvalidInput } from '../problems.ts'
import { builder } from '../schema/builder.ts'
import { connectionOf } from '../schema/connections.ts'
import { assertExists, rowsOf, startingWith } from '../schema/live.ts'
import { problemType } from '../schema/problems.ts'
import { jobCondition, jobFilter } from './filter-graphql.ts'
import { jobColumns } from './job-columns.ts'
import { countJobs, readJob, readJobs } from './job-list.ts'
import { madeArchive } from './made-archive.ts'
import { JobFinished, JobNotFound, PatternsUnchecked } from './problems.ts'
import { cancelJob } from './service.ts'
import { type BackupSettings, backupSettings, type CompressionSettings, type PatternSettings } from './settings.ts'

problemType(JobNotFound, 'There is no job with this id.')
problemType(JobFinished, 'The job has ended already; nothing was changed.')
problemType(PatternsUnchecked, 'Borg could not be asked whether it understands patterns; nothing was changed.')

builder.enumType(JobKind, {
  name: 'JobKind',
  description: 'What a job is for.',
  values: {
    CREATE_REPOSITORY: { description: 'Creates a new, empty borg repository.' },
    IMPORT_REPOSITORY: { description: 'Opens a borg repository that exists and reads its list of archives.' },
    BACKUP: { description: 'Backs folders up into a new archive.' },
    REFRESH_ARCHIVES: { description: 'Reads the list of archives again.' },
    DRY_RUN: { description: 'Finds out what a backup would take along, without making an archive.' },
    ACCEPT_REPOSITORY: {
      description: 'Takes what is at a repository’s place for it, after a person has confirmed that.',
    },
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
    CANCELLED: { description: 'Stopped because a person asked for it.' },
    INTERRUPTED: { description: 'Stopped because the server did.' },
    SKIPPED: { description: 'A task that was not called for, or could not be begun; `problem` says why.' },
  },
})

export const compressionAlgorithm = builder.enumType('CompressionAlgorithm', {
  description: 'How an archive’s chunks are compressed.',
  values: {
    NONE: { description: 'Not at all.' },
    LZ4: { description: 'Very fast, compresses little.' },
    ZSTD: { description: 'Fast to thorough, by level: 1 to 22, 3 where none is given.' },
    ZLIB: { description: 'Moderate, by level: 0 to 9, 6 where none is given.' },
    LZMA: { description: 'Slow and thorough, by level: 0 to 9, 6 where none is given.' },
  },
})

const compression = builder.objectRef<CompressionSettings>('Compression').implement({
  description: 'How an archive’s chunks are compressed.',
  fields: (t) => ({
    algorithm: t.expose('algorithm', { type: compressionAlgorithm, description: 'The algorithm.' }),
    level: t.exposeInt('level', { nullable: true, description: 'Its level; null for borg’s own default.' }),
    isAuto: t.exposeBoolean('isAuto', {
      description: 'Whether chunks that LZ4 cannot make smaller are left as they are.',
    }),
    obfuscation: t.exposeInt('obfuscation', {
      nullable: true,
      description: 'How the sizes of chunks are hidden: 1 to 6 or 110 to 123 in borg’s words; null where they are not.',
    }),
  }),
})

export const patternAction = builder.enumType('PatternAction', {
  description: 'What becomes of what a pattern matches.',
  values: {
    INCLUDE: { description: 'It is backed up.' },
    EXCLUDE: { description: 'It is left out; a folder is still searched for what another pattern includes.' },
    EXCLUDE_NO_RECURSE: { description: 'It is left out; a folder with all that is in it.' },
  },
})

export const patternStyle = builder.enumType('PatternStyle', {
  description: 'How a pattern is read (borg help patterns). Paths are matched without their first slash.',
  values: {
    SH: { description: 'Like a shell: `*` stays within a folder, `**/` goes through any number of them.' },
    FM: { description: 'Like fnmatch: `*` matches slashes too.' },
    RE: { description: 'A regular expression, found anywhere in the path.' },
    PP: { description: 'The path of a folder with all that is in it.' },
    PF: { description: 'One whole path; looked at before patterns of other styles.' },
  },
})

const pattern = builder.objectRef<PatternSettings>('Pattern').implement({
  description: 'One rule about what is backed up.',
  fields: (t) => ({
    action: t.expose('action', { type: patternAction, description: 'What becomes of what it matches.' }),
    style: t.expose('style', { type: patternStyle, description: 'How it is read.' }),
    pattern: t.exposeString('pattern', { description: 'Its text.' }),
  }),
})

export const backupSettingsType = builder.objectRef<BackupSettings>('BackupSettings').implement({
  description: 'What a backup is asked to do.',
  fields: (t) => ({
    sources: t.exposeStringList('sources', { description: 'Absolute paths of the folders.' }),
    compression: t.field({
      type: compression,
      description: 'How its chunks are compressed.',
      resolve: (settings) => settings.compression,
    }),
    patterns: t.field({
      type: [pattern],
      description: 'Rules about what is backed up: the first that matches decides.',
      resolve: ({ patterns }) => patterns,
    }),
    excludeCaches: t.exposeBoolean('excludeCaches', {
      description: 'Whether folders that hold a `CACHEDIR.TAG` are left out.',
    }),
    oneFileSystem: t.exposeBoolean('oneFileSystem', {
      description: 'Whether what is on other file systems than a source is left out.',
    }),
    numericIds: t.exposeBoolean('numericIds', {
      description: 'Whether users and groups are stored as numbers only, without their names.',
    }),
    checkpointInterval: t.exposeInt('checkpointInterval', {
      nullable: true,
      description: 'Seconds between checkpoints; 0 for none, null for borg’s own 1800.',
    }),
    uploadLimit: t.exposeInt('uploadLimit', {
      nullable: true,
      description: 'KiB a second that go to a repository on another machine; null for no limit.',
    }),
    archiveName: t.exposeString('archiveName', { description: 'The template that the archive’s name is made from.' }),
    comment: t.exposeString('comment', { description: 'What is noted with the archive; may be empty.' }),
  }),
})

export const jobType = builder.prismaNode('Job', {
  nullable: true,
  id: { field: 'id' },
  select: jobColumns,
  description: 'One run, with its tasks.',
  fields: (t) => ({
    requestedBy: t.relation('requestedBy', {
      nullable: true,
      description: 'Who asked for it; null where Borgitory itself did.',
    }),
    tasks: t.relation('tasks', { description: 'Its tasks, in order.', query: { orderBy: { position: 'asc' } } }),
    backup: t.field({
      type: backupSettingsType,
      nullable: true,
      description: 'What a BACKUP or DRY_RUN job was asked to do; null for other kinds.',
      select: { settings: true },
      resolve: ({ settings }) => backupSettings.safeParse(settings).data ?? null,
    }),
    archive: t.prismaField({
      type: 'Archive',
      nullable: true,
      description: 'The archive that a BACKUP job made; of several tries, that of the last.',
      resolve: (query, { id }, _args, { db }) => db.archive.findFirst({ ...query, ...madeArchive(id) }),
    }),
  }),
})

export const jobConnection = connectionOf('Job', jobType)

builder.objectFields(jobType, (t) => ({
  kind: t.expose('kind', { type: JobKind, description: 'What it is for.' }),
  state: t.expose('state', { type: RunState, description: 'Where it stands.' }),
  repositoryName: t.exposeString('repositoryName', {
    description: 'The repository’s name when the job was made, kept for a repository that is removed.',
  }),
  waitingFor: t.exposeString('waitingFor', {
    nullable: true,
    description: 'What a queued job waits for, in plain words.',
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
      type: 'Job',
      cursor: 'id',
      description: 'All jobs, newest first.',
      args: { filter: t.arg({ type: jobFilter, description: 'Only these.' }) },
      totalCount: (_connection, { filter }, { db }) => countJobs(db, jobCondition(filter)),
      resolve: (query, _root, { filter }, { db }) => readJobs(db, query, jobCondition(filter)),
    },
    ...jobConnection,
  ),
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
    subscribe: async (_root, { id }, context, info) => {
      const { db, events } = context
      const query = queryFromInfo({ context, info })
      assertExists(await db.job.findUnique({ where: { id: id.id }, select: { id: true } }), 'job')
      const ids = startingWith({ id: id.id }, events.watch('job:changed', id.id))
      return rowsOf(ids, query, (id) => readJob(db, query, id))
    },
    resolve: (_query, job) => job as Job,
  }),
  jobsChanged: t.prismaField({
    type: 'Job',
    description: 'Any job that changes, from now on.',
    subscribe: (_root, _args, context, info) => {
      const { db, events } = context
      const query = queryFromInfo({ context, info })
      return rowsOf(events.watch('job:changed'), query, (id) => readJob(db, query, id))
    },
    resolve: (_query, job) => job as Job,
  }),
}))
