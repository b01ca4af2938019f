import type { Prisma } from '../../../prisma/generated/client/client.ts'

/** Finds the archive that a job has made: of several tries, that of the last. */
export const madeArchive = (jobId: string) =>
  ({ where: { jobId }, orderBy: { id: 'desc' } }) satisfies Prisma.ArchiveFindFirstArgs
