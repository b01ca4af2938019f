import { lstat } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'
import type { BorgCompression } from '../../borg/compression.ts'
import { type CreateResult, create, createResult } from '../../borg/create.ts'
import { backupSettings, type CompressionSettings } from '../settings.ts'
import { completed, resultOf, type Step, type StepContext, type StepResult } from '../step.ts'

const borgCompression = ({ algorithm, level, isAuto }: CompressionSettings): BorgCompression => ({
  algorithm: algorithm.toLowerCase() as Lowercase<typeof algorithm>,
  level,
  isAuto,
})

/** Unique in a repository as long as two backups do not begin in the same millisecond. */
const archiveName = (now: Date) => `${hostname()}-${now.toISOString()}`

/** Size in bytes of the newest whole archive of the same sources; null where there is none. */
const expectedSize = async ({ db, repository }: StepContext, sources: readonly string[]): Promise<bigint | null> => {
  const archives = await db.archive.findMany({
    where: { repositoryId: repository.id, incompleteReason: null, job: { kind: 'BACKUP' } },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: 20,
    select: { originalSize: true, job: { select: { settings: true } } },
  })
  const wanted = JSON.stringify([...sources].sort())
  const last = archives.find(({ job }) => {
    const settings = backupSettings.safeParse(job?.settings)
    return settings.success && JSON.stringify([...settings.data.sources].sort()) === wanted
  })
  return last?.originalSize ?? null
}

const record = async (
  { db, job, task, repository }: StepContext,
  { archive, repository: sizes }: CreateResult,
  { comment, incompleteReason }: { comment: string; incompleteReason: string | null },
) => {
  const columns = {
    ...archive,
    hostname: hostname(),
    username: username(),
    comment,
    incompleteReason,
    jobId: job.id,
  }
  await db.$transaction([
    db.archive.upsert({
      where: { repositoryId_borgId: { repositoryId: repository.id, borgId: archive.borgId } },
      create: { ...columns, repositoryId: repository.id },
      update: columns,
    }),
    db.repository.update({ where: { id: repository.id }, data: sizes }),
    db.task.update({
      where: { id: task.id },
      data: {
        fileCount: archive.fileCount,
        originalSize: archive.originalSize,
        compressedSize: archive.compressedSize,
        deduplicatedSize: archive.deduplicatedSize,
      },
    }),
  ])
}

/** A user without an entry in the system's list, as containers have them, is known by number only. */
const username = () => {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}

/** Borg keeps a symbolic link as such, and nothing of what it leads to. */
const isLink = (path: string) =>
  lstat(path).then(
    (status) => status.isSymbolicLink(),
    () => false,
  )

/** Bytes. Borg's result is some kilobytes. */
const longestResult = 1024 * 1024

const listed = (paths: readonly string[]) => paths.map((path) => JSON.stringify(path)).join(', ')

/**
 * Backs the sources up into a new archive. A file that cannot be read is a warning; a source that is missing or cannot
 * be read at all is a failure, and the archive that borg makes without it is marked incomplete.
 */
export const backUp: Step = async (context): Promise<StepResult> => {
  const { job, borg, journal } = context
  const { sources, compression, comment } = backupSettings.parse(job.settings)
  const expectedOriginalSize = await expectedSize(context, sources)
  if (expectedOriginalSize !== null) journal.progress({ expectedOriginalSize })

  const unread = new Set<string>()
  const output: Buffer[] = []
  let outputSize = 0
  const ended = await context.runBorg(
    create(borg, { archiveName: archiveName(new Date()), sources, compression: borgCompression(compression), comment }),
    {
      onOutput: (data) => {
        outputSize += data.length
        if (outputSize > longestResult)
          throw new Error(`borg create printed more than ${longestResult} bytes of result`)
        output.push(data)
      },
      onFileProblem: ({ path, message }) => {
        if (sources.includes(path) && message.includes('[Errno')) unread.add(path)
      },
    },
  )
  if (ended.failure) return resultOf(ended)

  for (const source of sources) if (await isLink(source)) unread.add(source)
  const incompleteReason = unread.size === 0 ? null : `Missing, not readable or only a link: ${listed([...unread])}.`
  const result = createResult.parse(JSON.parse(Buffer.concat(output).toString('utf8')))
  journal.progress({ currentPath: null, bytesPerSecond: null, message: null })
  await record(context, result, { comment, incompleteReason })
  if (incompleteReason !== null) {
    return {
      state: 'FAILED',
      problem: `${incompleteReason} What there was is in the archive ${result.archive.name}, which is marked incomplete.`,
      isRepositoryOpened: true,
    }
  }
  const { fileProblemCount } = journal
  if (fileProblemCount > 0) {
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: `${fileProblemCount} ${fileProblemCount === 1 ? 'file was' : 'files were'} not backed up as a whole.`,
    }
  }
  return resultOf(ended)
}
