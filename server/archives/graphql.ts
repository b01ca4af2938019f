import { builder } from '../schema/builder.ts'
import { connectionOf } from '../schema/connections.ts'

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
    comment: t.exposeString('comment', { description: 'What was noted with the archive; may be empty.' }),
    originalSize: t.expose('originalSize', { type: 'ByteCount', nullable: true }),
    compressedSize: t.expose('compressedSize', { type: 'ByteCount', nullable: true }),
    deduplicatedSize: t.expose('deduplicatedSize', { type: 'ByteCount', nullable: true }),
    fileCount: t.exposeInt('fileCount', { nullable: true }),
    incompleteReason: t.exposeString('incompleteReason', { nullable: true }),
    repository: t.relation('repository', { description: 'The repository that it is in.' }),
    job: t.relation('job', { nullable: true, description: 'The job that made it; null where it was made elsewhere.' }),
  }),
})

export const archiveConnection = connectionOf('Archive', archiveType)
