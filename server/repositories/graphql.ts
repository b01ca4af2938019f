import type { Prisma } from '../../prisma/generated/client/client.ts'
import { EncryptionMode, RepositoryDoubt, RepositoryState } from '../../prisma/generated/client/enums.ts'
import { LocationUnusable } from '../folders/problems.ts'
import { jobConnection, jobType, pagesOfJobs } from '../jobs/graphql/job.ts'
import { newestJob } from '../jobs/records/list.ts'
import { endedStates } from '../jobs/records/states.ts'
import { repositoryOf } from '../jobs/records/task-repositories.ts'
import { InvalidInput, NameTaken } from '../problems.ts'
import { builder } from '../schema/builder.ts'
import { userId } from '../schema/context.ts'
import { liveNode } from '../schema/live-node.ts'
import { pagesOf } from '../schema/pages.ts'
import { problemType } from '../schema/problems.ts'
import { containing } from '../schema/search.ts'
import { acceptRepository } from './acceptance.ts'
import type { LockEvidence } from './locks.ts'
import { lookAtLocks } from './look-at-locks.ts'
import { LocationTaken, NotInDoubt, RepositoryBusy, RepositoryNotFound, RepositoryNotReady } from './problems.ts'
import {
  createRepository,
  deleteRepository,
  importRepository,
  startCompact,
  startRefresh,
  updateRepository,
} from './service.ts'
import { isUsable } from './state.ts'

problemType(LocationTaken, 'The repository at this path is managed here already; nothing was changed.')
problemType(RepositoryNotFound, 'There is no repository with this id.')
problemType(RepositoryNotReady, 'The repository could not be created or opened yet; nothing was begun.')
problemType(NotInDoubt, 'What is at the repository’s place is not what was confirmed; nothing was begun.')
problemType(RepositoryBusy, 'A job of the repository has not ended; nothing was changed.')

builder.enumType(EncryptionMode, {
  name: 'EncryptionMode',
  description: 'How a repository is encrypted: the modes of `borg init`.',
  values: {
    REPOKEY: { description: 'AES-256 and HMAC-SHA-256; the key is kept in the repository.' },
    REPOKEY_BLAKE2: { description: 'AES-256 and BLAKE2b; the key is kept in the repository.' },
    KEYFILE: { description: 'AES-256 and HMAC-SHA-256; the key is kept in Borgitory’s data folder.' },
    KEYFILE_BLAKE2: { description: 'AES-256 and BLAKE2b; the key is kept in Borgitory’s data folder.' },
    AUTHENTICATED: { description: 'Not encrypted; tampering is detected by HMAC-SHA-256.' },
    AUTHENTICATED_BLAKE2: { description: 'Not encrypted; tampering is detected by BLAKE2b.' },
    NONE: { description: 'Not encrypted; tampering is not detected.' },
  },
})

builder.enumType(RepositoryState, {
  name: 'RepositoryState',
  description: 'Whether a repository can be used.',
  values: {
    PENDING: { description: 'The job that creates or imports it has not ended.' },
    READY: { description: 'It was created or opened.' },
    FAILED: {
      description:
        'It could not be created or opened the last time; `problem` says why. One that was opened before is tried all the same.',
    },
  },
})

builder.enumType(RepositoryDoubt, {
  name: 'RepositoryDoubt',
  description: 'Why what is at a repository’s place is not taken for it until a person has confirmed that.',
  values: {
    REPLACED: {
      description:
        'It has another id, or is encrypted in another way. Once it is accepted, the archives that were known before have vanished.',
    },
    MOVED: { description: 'Borg knows it from another path.' },
    ROLLED_BACK: {
      description:
        'It is older than what borg saw of it before: an older copy was put back. Once it is accepted, the archives that were made since have vanished.',
    },
    UNKNOWN: { description: 'It is not encrypted, and borg has lost what it knew of it.' },
  },
})

const repositoryLock = builder.objectRef<LockEvidence>('RepositoryLock').implement({
  description: 'Who holds borg’s lock on a repository, and what can be proven of it.',
  fields: (t) => ({
    isExclusive: t.exposeBoolean('isExclusive', {
      description: 'Whether it keeps everybody else out. A shared lock, as a mount has, keeps out those that write.',
    }),
    host: t.exposeString('host', { description: 'The machine of the process.' }),
    pid: t.exposeInt('pid', { description: 'The id of the process on that machine.' }),
    isAlive: t.exposeBoolean('isAlive', {
      nullable: true,
      description: 'Whether the process still runs; null where it is on another machine, so that nobody here can tell.',
    }),
    command: t.exposeString('command', {
      nullable: true,
      description: 'Program and subcommand of the process, such as `borg create`; null where it does not run here.',
    }),
  }),
})

const repositoryType = builder.prismaNode('Repository', {
  nullable: true,
  id: { field: 'id' },
  select: { id: true },
  description: 'One borg repository.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Unique among the repositories.' }),
    location: t.exposeString('location'),
    encryption: t.expose('encryption', {
      type: EncryptionMode,
      nullable: true,
      description: 'How it is encrypted; null until an imported one was opened.',
    }),
    state: t.expose('state', { type: RepositoryState, description: 'Whether it can be used.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Why it could not be created or opened the last time; null for one that is `READY`.',
    }),
    isUsable: t.boolean({
      select: { state: true, refreshedAt: true },
      description:
        'Whether backups into it may be begun. One that was opened before is tried, also where that failed the last time.',
      resolve: (repository) => isUsable(repository),
    }),
    borgId: t.exposeString('borgId', {
      nullable: true,
      description: 'Borg’s own id of it, 64 hexadecimal digits; null until it was looked at for the first time.',
    }),
    doubt: t.expose('doubt', {
      type: RepositoryDoubt,
      nullable: true,
      description:
        'Why what is at its place is not taken for it, until `acceptRepository` confirms it; null where nothing is in doubt.',
    }),
    foundBorgId: t.exposeString('foundBorgId', {
      nullable: true,
      description: 'Borg’s id of what is at its place, where that is in doubt.',
    }),
    lockWait: t.exposeInt('lockWait', {
      description: 'For how many seconds a job waits for a lock that another program holds on it.',
    }),
    originalSize: t.expose('originalSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Size of all archives as they would be unpacked, in bytes; null until the first backup from here.',
    }),
    compressedSize: t.expose('compressedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Size of all archives after compression, in bytes; null until the first backup from here.',
    }),
    deduplicatedSize: t.expose('deduplicatedSize', {
      type: 'ByteCount',
      nullable: true,
      description: 'Size that the archives take in the repository, in bytes; null until the first backup from here.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created or imported here.' }),
    refreshedAt: t.expose('refreshedAt', { type: 'DateTime', nullable: true }),
    jobs: t.prismaConnection(
      {
        ...pagesOfJobs(({ id }: { id: string }) => ({ repositoryId: id })),
        description: 'Its jobs, newest first.',
      },
      ...jobConnection,
    ),
    latestBackup: t.prismaField({
      type: 'Job',
      nullable: true,
      description: 'Its newest backup job, whatever its state.',
      resolve: (query, { id }, _args, { db }) => newestJob(db, query, { repositoryId: id, kinds: ['BACKUP'] }),
    }),
    latestManualBackup: t.prismaField({
      type: 'Job',
      nullable: true,
      description:
        'Its newest backup that has ended and belongs to no plan; one whose plan was removed since counts too.',
      resolve: (query, { id }, _args, { db }) =>
        newestJob(db, query, { repositoryId: id, planId: null, kinds: ['BACKUP'], states: endedStates }),
    }),
    locks: t.field({
      type: [repositoryLock],
      // Has a program look, and looks into folders and into `/proc`.
      complexity: { field: 100, multiplier: 10 },
      description:
        'Who holds borg’s lock on it now, whoever holds it alone first; nobody where it is free, or does not answer.',
      select: { location: true },
      resolve: async ({ location }) => {
        return [...(await lookAtLocks(location))]
      },
    }),
  }),
})

const repositories = liveNode(repositoryType, {
  model: 'Repository',
  word: 'repository',
  deleted: 'A repository that is not managed here any more; its files were not touched.',
})

// Nothing is read for its id alone, which is all that a list of jobs needs.
builder.prismaObjectField('Job', 'repository', (t) =>
  t.field({
    type: repositoryType,
    nullable: true,
    description:
      'The repository that all its tasks work on; null where they work on several or on none, or it was removed since.',
    select: { repositoryId: true },
    resolve: ({ repositoryId }) => (repositoryId === null ? null : { id: repositoryId }),
  }),
)

builder.prismaObjectField('Task', 'repository', (t) =>
  t.field({
    type: repositoryType,
    nullable: true,
    description: 'The repository that it is for; null where it is for none, or that was removed since.',
    select: { repositoryId: true, job: { select: { repositoryId: true } } },
    resolve: ({ job, ...task }) => {
      const id = repositoryOf(job, task)
      return id === null ? null : { id }
    },
  }),
)

interface RepositoriesFilter {
  readonly search?: string | null | undefined
}

const repositoriesWhere = ({ search }: RepositoriesFilter): Prisma.RepositoryWhereInput =>
  search ? { OR: [{ name: containing(search) }, { location: containing(search) }] } : {}

builder.queryField('repositories', (t) =>
  t.prismaConnection(
    {
      ...pagesOf('Repository', (_root, filter: RepositoriesFilter) => ({
        where: repositoriesWhere(filter),
        orderBy: { name: 'asc' },
      })),
      description: 'All repositories, by name.',
      args: { search: t.arg.string({ description: 'Only those with this in their name or path.' }) },
    },
    ...repositories.connection,
  ),
)

const lockWaitDescription = 'For how many seconds a job waits for a lock that another program holds: 0 to 3600.'

const createRepositoryInput = builder.inputType('CreateRepositoryInput', {
  description: 'A new repository.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique, 1 to 100 characters.' }),
    location: t.string({
      required: true,
      description: 'Absolute path of a folder on the machine that runs Borgitory, which is empty or does not exist.',
    }),
    encryption: t.field({ type: EncryptionMode, required: true, description: 'How it is encrypted.' }),
    passphrase: t.string({ description: '8 characters or more, in one line; none for the mode `NONE`.' }),
    lockWait: t.int({ required: true, defaultValue: 60, description: lockWaitDescription }),
  }),
})

const importRepositoryInput = builder.inputType('ImportRepositoryInput', {
  description: 'A repository that exists.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Unique, 1 to 100 characters.' }),
    location: t.string({ required: true, description: 'Absolute path on the machine that runs Borgitory.' }),
    passphrase: t.string({ description: 'Its passphrase; none where it has none.' }),
    key: t.string({
      description:
        'What `borg key export` printed, for the modes whose key is not in the repository. Refused where it is: borg would overwrite that one.',
    }),
    isMoved: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Confirms that you have moved the repository, where borg here knows it from another path. Without it borg refuses that, because somebody may have put another repository in the place of yours, which then would get your backups: confirm only what you did yourself.',
    }),
    lockWait: t.int({ required: true, defaultValue: 60, description: lockWaitDescription }),
  }),
})

const updateRepositoryInput = builder.inputType('UpdateRepositoryInput', {
  description: 'Changes to a repository; what is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The repository.' }),
    name: t.string({ description: 'Its new name: unique, 1 to 100 characters.' }),
    location: t.string({
      description:
        'Where it was moved to: absolute path on the machine that runs Borgitory. When it is opened there first, borg asks for a confirmation (`acceptRepository`).',
    }),
    passphrase: t.string({
      description:
        'The passphrase that Borgitory opens it with from now on. Does not change the passphrase of the repository.',
    }),
    lockWait: t.int({ description: lockWaitDescription }),
  }),
})

const acceptRepositoryInput = builder.inputType('AcceptRepositoryInput', {
  description: 'What a person confirms of what is at a repository’s place, as it was shown.',
  fields: (t) => ({
    repositoryId: t.globalID({ required: true, description: 'The repository.' }),
    doubt: t.field({ type: RepositoryDoubt, required: true, description: 'Its `doubt`.' }),
    borgId: t.string({ required: true, description: 'Its `foundBorgId`.' }),
  }),
})

const deleteRepositoryInput = builder.inputType('DeleteRepositoryInput', {
  description: 'Which repository to remove.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The repository.' }) }),
})

const startCompactInput = builder.inputType('StartCompactInput', {
  description: 'Which repository to compact, and how.',
  fields: (t) => ({
    repositoryId: t.globalID({ required: true, description: 'The repository.' }),
    threshold: t.int({
      description:
        'The least share of a segment that is to be freed for it to be written anew, in percent: 0 to 100, 10 where it is left out.',
    }),
  }),
})

const startRefreshInput = builder.inputType('StartRefreshInput', {
  description: 'Which repository to read again.',
  fields: (t) => ({ repositoryId: t.globalID({ required: true, description: 'The repository.' }) }),
})

builder.mutationFields((t) => ({
  createRepository: t.field({
    type: jobType,
    description: 'Creates a repository. Returns the job that runs `borg init`.',
    args: { input: t.arg({ type: createRepositoryInput, required: true, description: 'The new repository.' }) },
    errors: { types: [NameTaken, LocationTaken, LocationUnusable, InvalidInput] },
    resolve: (_root, { input }, context) => createRepository(context, userId(context), input),
  }),
  importRepository: t.field({
    type: jobType,
    description: 'Takes over a repository that exists. Returns the job that opens it and reads its archives.',
    args: { input: t.arg({ type: importRepositoryInput, required: true, description: 'The repository.' }) },
    errors: { types: [NameTaken, LocationTaken, LocationUnusable, InvalidInput] },
    resolve: (_root, { input }, context) => importRepository(context, userId(context), input),
  }),
  updateRepository: t.field({
    type: repositoryType,
    description: 'Changes what Borgitory knows of a repository.',
    args: { input: t.arg({ type: updateRepositoryInput, required: true, description: 'What changes.' }) },
    errors: {
      types: [RepositoryNotFound, NameTaken, LocationTaken, LocationUnusable, RepositoryBusy, InvalidInput],
    },
    resolve: (_root, { input: { id, ...changes } }, context) => updateRepository(context, id.id, changes),
  }),
  acceptRepository: t.field({
    type: jobType,
    description:
      'Confirms that what is at a repository’s place is to be taken for it: do so only for what you did yourself, for somebody else may have put it there to get your backups. Plans and schedules stay. Returns the job that opens it.',
    args: { input: t.arg({ type: acceptRepositoryInput, required: true, description: 'What is confirmed.' }) },
    errors: { types: [RepositoryNotFound, NotInDoubt, InvalidInput] },
    resolve: (_root, { input: { repositoryId, doubt, borgId } }, context) =>
      acceptRepository(context, userId(context), { repositoryId: repositoryId.id, doubt, borgId }),
  }),
  deleteRepository: t.field({
    type: repositories.deletedType,
    description:
      'Removes a repository from Borgitory: its records here, its plans among them. Its files, with all archives, stay where they are.',
    args: { input: t.arg({ type: deleteRepositoryInput, required: true, description: 'Which repository.' }) },
    errors: { types: [RepositoryNotFound, RepositoryBusy, InvalidInput] },
    resolve: async (_root, { input }, context) => {
      await deleteRepository(context, input.id.id)
      return { id: input.id.id }
    },
  }),
  startRefresh: t.field({
    type: jobType,
    description: 'Reads the list of archives again; also the way to try a `FAILED` repository again. Returns the job.',
    args: { input: t.arg({ type: startRefreshInput, required: true, description: 'Which repository.' }) },
    errors: { types: [RepositoryNotFound, InvalidInput] },
    resolve: (_root, { input }, context) => startRefresh(context, userId(context), input.repositoryId.id),
  }),
  startCompact: t.field({
    type: jobType,
    description:
      'Frees the space of what was deleted from a repository. Returns the job; its task’s `summary` says how much.',
    args: { input: t.arg({ type: startCompactInput, required: true, description: 'Which repository, and how.' }) },
    errors: { types: [RepositoryNotFound, RepositoryNotReady, InvalidInput] },
    resolve: (_root, { input: { repositoryId, ...input } }, context) =>
      startCompact(context, userId(context), repositoryId.id, input),
  }),
}))
