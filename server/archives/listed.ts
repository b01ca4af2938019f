import type { Prisma } from '../../prisma/generated/client/client.ts'
import { type ArchiveOrigin, readArchiveComment } from '../borg/archive-comment.ts'
import { isIncompleteName } from '../borg/incomplete-name.ts'
import { isCheckpoint, type ListedArchive } from '../borg/list.ts'
import { sourcesOfJob } from './sources.ts'

/** An archive that borg lists, with what its comment says about its making. */
export interface ReadArchive extends ListedArchive {
  readonly origin: ArchiveOrigin | null
  /** Whether it is the last that its job made: of several tries, only the last can be the one that was completed. */
  readonly isLastOfJob: boolean
}

const isLater = (one: ListedArchive, other: ListedArchive) =>
  one.startedAt.getTime() - other.startedAt.getTime() || one.finishedAt.getTime() - other.finishedAt.getTime()

/** Takes apart the comments of all archives of a repository. */
export const readListed = (archives: readonly ListedArchive[]): readonly ReadArchive[] => {
  const read = archives.map((archive) => ({ ...archive, ...readArchiveComment(archive.comment) }))
  const lastOf = new Map<string, ListedArchive>()
  for (const archive of read) {
    if (archive.origin === null || isCheckpoint(archive.name)) continue
    const last = lastOf.get(archive.origin.jobId)
    if (last === undefined || isLater(archive, last) >= 0) lastOf.set(archive.origin.jobId, archive)
  }
  return read.map((archive) => ({
    ...archive,
    isLastOfJob: archive.origin !== null && lastOf.get(archive.origin.jobId)?.borgId === archive.borgId,
  }))
}

const reasons = {
  checkpoint: 'It is a checkpoint: what a backup that was stopped had saved until then.',
  name: 'Its name says that it is incomplete: not all that was to be backed up is inside, or nobody could tell.',
  unknown: 'The backup that made it was stopped before it could tell whether all that was to be backed up is inside.',
}

/** The job that an archive's comment names, as far as our records know it. */
interface OriginJob {
  readonly isDone: boolean
  readonly sources: readonly string[] | null
}

/** What the name of an archive says of its being incomplete; null where it says nothing. */
export const reasonInName = (name: string): string | null => {
  if (isCheckpoint(name)) return reasons.checkpoint
  return isIncompleteName(name) ? reasons.name : null
}

const incompleteReason = ({ name, isLastOfJob }: ReadArchive, job: OriginJob | undefined): string | null => {
  const named = reasonInName(name)
  if (named !== null) return named
  return job === undefined || (job.isDone && isLastOfJob) ? null : reasons.unknown
}

/**
 * What the records keep of archives that they do not know yet. `records` is the transaction that writes them: a job that
 * is named must still be there then. One that another Borgitory had is unknown here, and so is what it made.
 */
export const archiveColumns = async (
  records: Pick<Prisma.TransactionClient, 'job'>,
  repositoryId: string,
  archives: readonly ReadArchive[],
): Promise<Prisma.ArchiveCreateManyInput[]> => {
  const ids = archives.flatMap(({ origin }) => origin?.jobId ?? [])
  const found = await records.job.findMany({
    // The repository may have been removed here, and imported again.
    where: { id: { in: ids }, kind: 'BACKUP', OR: [{ repositoryId }, { repositoryId: null }] },
    select: { id: true, settings: true, tasks: { where: { kind: 'BACKUP' }, select: { state: true } } },
  })
  const jobs = new Map(
    found.map(({ id, settings, tasks }): [string, OriginJob] => {
      const isDone = tasks.some(({ state }) => state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS')
      return [id, { isDone, sources: sourcesOfJob(settings) }]
    }),
  )
  return archives.map((archive) => {
    const { origin, isLastOfJob, ...listed } = archive
    const job = jobs.get(origin?.jobId ?? '')
    return {
      ...listed,
      repositoryId,
      incompleteReason: incompleteReason(archive, job),
      isMarked: reasonInName(archive.name) !== null,
      planId: origin?.planId ?? null,
      planName: origin?.planName ?? null,
      jobId: job && origin && isLastOfJob ? origin.jobId : null,
      ...(job?.sources && { sources: job.sources }),
    }
  })
}
