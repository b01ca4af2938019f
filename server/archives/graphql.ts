import { z } from 'zod'
import type { Prisma, Repository } from '../../prisma/generated/client/client.ts'
import { InvalidInput } from '../problems.ts'
import { RepositoryNotFound } from '../repositories/problems.ts'
import { builder, prices } from '../schema/builder.ts'
import { connectionOf } from '../schema/connections.ts'
import { pagesOf } from '../schema/pages.ts'
import { forgetVanishedArchives } from './service.ts'

const storedSources = z.array(z.string()).nullable()

const archiveType = builder.prismaNode('Archive', {
  nullable: true,
  id: { field: 'id' },
  description: 'One archive in a repository, as borg reported it the last time.',
  fields: (t) => ({
    borgId: t.exposeString('borgId'),
    name: t.exposeString('name', { description: 'Unique in its repository.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true }),
    hostname: t.exposeString('hostname', { description: 'The machine that was backed up.' }),
    username: t.exposeString('username', { description: 'The user that borg ran as.' }),
    comment: t.exposeString('comment', { description: 'What a person noted with the archive; may be empty.' }),
    originalSize: t.expose('originalSize', { type: 'ByteCount', nullable: true }),
    compressedSize: t.expose('compressedSize', { type: 'ByteCount', nullable: true }),
    deduplicatedSize: t.expose('deduplicatedSize', { type: 'ByteCount', nullable: true }),
    fileCount: t.exposeInt('fileCount', { nullable: true }),
    incompleteReason: t.exposeString('incompleteReason', { nullable: true }),
    vanishedAt: t.expose('vanishedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'Since when borg does not list it any more, though it was not removed from here; null for one that is there.',
    }),
    repository: t.relation('repository', { description: 'The repository that it is in.' }),
    job: t.relation('job', {
      nullable: true,
      description: 'The job that made it; null where it was made elsewhere, or the job is not kept any more.',
    }),
    plan: t.prismaField({
      type: 'BackupPlan',
      nullable: true,
      select: { planId: true },
      description:
        'The plan that made it; null where none did, or it was removed since, or belongs to another Borgitory.',
      resolve: (query, { planId }, _args, { db }) =>
        planId === null ? null : db.backupPlan.findUnique({ ...query, where: { id: planId } }),
    }),
    planName: t.exposeString('planName', {
      nullable: true,
      description:
        'What the plan that made it was called then, kept when it is gone; null where none did, or nobody knows.',
    }),
    sources: t.stringList({
      nullable: true,
      select: { sources: true },
      description: 'Absolute paths of what was to be backed up; null where nobody knows.',
      resolve: ({ sources }) => storedSources.parse(sources),
    }),
  }),
})

const archiveConnection = connectionOf('Archive', archiveType)

const listed = (repositoryId: string): Prisma.ArchiveWhereInput => ({ repositoryId, vanishedAt: null })
const vanished = (repositoryId: string): Prisma.ArchiveWhereInput => ({ repositoryId, vanishedAt: { not: null } })

const newestFirst = [{ startedAt: 'desc' }, { id: 'desc' }] satisfies Prisma.ArchiveOrderByWithRelationInput[]

builder.prismaObjectFields('Repository', (t) => ({
  archives: t.prismaConnection(
    {
      ...pagesOf('Archive', ({ id }: Repository) => ({ where: listed(id), orderBy: newestFirst })),
      description: 'Its archives, newest first.',
    },
    ...archiveConnection,
  ),
  vanishedArchives: t.prismaConnection(
    {
      ...pagesOf('Archive', ({ id }: Repository) => ({
        where: vanished(id),
        orderBy: [{ vanishedAt: 'desc' }, ...newestFirst],
      })),
      description:
        'Archives that were there and are not listed any more, though they were not removed from here; those that were found gone last come first. They stay until `forgetVanishedArchives`.',
    },
    ...archiveConnection,
  ),
  vanishedArchiveCount: t.int({
    complexity: prices.count,
    description: 'How many archives have vanished, and were not forgotten since.',
    resolve: ({ id }, _args, { db }) => db.archive.count({ where: vanished(id) }),
  }),
  latestArchive: t.prismaField({
    type: 'Archive',
    nullable: true,
    description: 'Its newest whole archive.',
    resolve: (query, { id }, _args, { db }) =>
      db.archive.findFirst({
        ...query,
        where: { ...listed(id), incompleteReason: null },
        orderBy: newestFirst,
      }),
  }),
  latestIncompleteArchive: t.prismaField({
    type: 'Archive',
    nullable: true,
    description: 'Its newest archive that is not whole; null where all are.',
    resolve: (query, { id }, _args, { db }) =>
      db.archive.findFirst({
        ...query,
        where: { ...listed(id), incompleteReason: { not: null } },
        orderBy: newestFirst,
      }),
  }),
}))

const forgetVanishedArchivesInput = builder.inputType('ForgetVanishedArchivesInput', {
  description: 'Which vanished archives a person has seen.',
  fields: (t) => ({
    repositoryId: t.globalID({ required: true, description: 'The repository that they were in.' }),
    until: t.field({
      type: 'DateTime',
      required: true,
      description: 'Those that were found gone at this time or before: the greatest `vanishedAt` that was shown.',
    }),
  }),
})

builder.mutationField('forgetVanishedArchives', (t) =>
  t.prismaField({
    type: 'Repository',
    description: 'Removes the records of archives that have vanished from a repository, once a person has seen them.',
    args: { input: t.arg({ type: forgetVanishedArchivesInput, required: true, description: 'Which archives.' }) },
    errors: { types: [RepositoryNotFound, InvalidInput] },
    resolve: (_query, _root, { input: { repositoryId, until } }, context) =>
      forgetVanishedArchives(context, repositoryId.id, until),
  }),
)
