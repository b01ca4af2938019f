import { hostname } from 'node:os'
import { archiveNameFacts, username } from '../../archives/names.ts'
import { sortedSources } from '../../archives/sources.ts'
import { type ArchiveOrigin, archiveComment } from '../../borg/archive-comment.ts'
import { uniqueArchiveName } from '../../borg/archive-name.ts'
import { borgCompression } from '../../borg/compression.ts'
import { type CreateResult, create, createResult } from '../../borg/create.ts'
import { foldersFirst } from '../../folders/source-order.ts'
import { backupSettings } from '../../plans/backup-settings.ts'
import { wholeArchives } from '../records/what-changed.ts'
import { countOfProblems } from './count-of-problems.ts'
import { defineTask } from './define.ts'
import { joined, leaveOwnFilesOut, leaveUnreadableOut } from './left-out.ts'
import { markIncomplete } from './mark-incomplete.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { completed, resultOf } from './result.ts'
import { createUnreadSources } from './unread-sources.ts'

/** The name that the template makes now, unique among the archives that we know of. */
const nameArchive = ({ app: { db }, repository }: RepositoryTaskContext, template: string, planName: string | null) =>
  uniqueArchiveName(template, archiveNameFacts(planName, repository.name, new Date()), async (name) => {
    const taken = await db.archive.findFirst({
      where: { repositoryId: repository.id, name, vanishedAt: null },
      select: { id: true },
    })
    return taken !== null
  })

/** What makes the archive: noted with it in the repository, and in its row. */
const findOrigin = async ({ app: { db }, job }: RepositoryTaskContext): Promise<ArchiveOrigin> => {
  const plan = await db.backupPlan.findUnique({ where: { id: job.planId ?? '' }, select: { id: true, name: true } })
  return { jobId: job.id, planId: plan?.id ?? null, planName: plan?.name ?? null }
}

/** Size in bytes of the newest whole archive of the same sources; null where there is none. */
const expectedSize = async (
  { app: { db }, repository }: RepositoryTaskContext,
  sources: readonly string[],
): Promise<bigint | null> => {
  const last = await db.archive.findFirst({
    where: {
      repositoryId: repository.id,
      incompleteReason: null,
      vanishedAt: null,
      sources: { equals: sortedSources(sources) },
    },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    select: { originalSize: true },
  })
  return last?.originalSize ?? null
}

const record = async (
  { app: { db }, task, repository }: RepositoryTaskContext,
  { archive, repository: sizes }: CreateResult,
  given: ArchiveOrigin & { comment: string; sources: string[]; incompleteReason: string | null },
) => {
  const columns = {
    ...archive,
    ...given,
    hostname: hostname(),
    username: username(),
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

/** Null where borg's answer is none, or cut short. */
const readResult = (text: string): CreateResult | null => {
  try {
    return createResult.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Bytes. Borg's result is some kilobytes. */
const longestResult = 1024 * 1024

/**
 * Backs the sources up into a new archive. A file that cannot be read is a warning; a source that is missing or cannot
 * be read at all is a failure, and the archive that borg makes without it is marked incomplete: first in our records, and
 * then by its name, for whoever looks at the repository. Borgitory's own files are left out.
 */
const backUp = async (context: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { job, borg, journal } = context
  const { compression, archiveName: template, ...settings } = backupSettings.parse(job.settings)
  const { sources, comment } = settings
  const origin = await findOrigin(context)
  const { name: archiveName, problem } = await nameArchive(context, template, origin.planName)
  if (problem !== null) {
    const changed = await context.whatChanged()
    return { state: 'FAILED', problem: `${problem.message} ${changed}`, isRepositoryOpened: false }
  }
  const expectedOriginalSize = await expectedSize(context, sources)
  if (expectedOriginalSize !== null) journal.progress({ expectedOriginalSize })

  const ownFiles = await leaveOwnFilesOut(context, sources)
  const unreadable = await leaveUnreadableOut(context, settings)
  const unread = createUnreadSources(sources, { readsDevices: settings.readSpecial })
  const output: Buffer[] = []
  let outputSize = 0
  const ended = await context.runBorg(
    create(borg, {
      ...settings,
      sources: await foldersFirst(sources, context),
      leftOut: [...ownFiles.paths, ...unreadable.paths],
      archiveName,
      comment: archiveComment(comment, origin),
      compression: borgCompression(compression),
    }),
    {
      onOutput: (data) => {
        outputSize += data.length
        if (outputSize > longestResult)
          throw new Error(`borg create printed more than ${longestResult} bytes of result`)
        output.push(data)
      },
      sources,
      onEvent: unread.see,
      onFileProblem: unread.note,
    },
  )
  if (ended.failure) return resultOf(ended)

  const result = readResult(Buffer.concat(output).toString('utf8'))
  if (result === null) {
    return {
      state: 'FAILED',
      problem: `Borg ended with status ${ended.exitCode}, but did not say which archive it has made. Archives made before are whole.`,
      isRepositoryOpened: true,
    }
  }
  const incompleteReason = joined([
    await unread.sentence(),
    ownFiles.problem,
    unreadable.problem,
    await ownFiles.change(),
  ])
  journal.progress({ currentPath: null, bytesPerSecond: null, message: null })
  const origins = { ...origin, comment, sources: sortedSources(sources), incompleteReason }
  await context.persist(() => record(context, result, origins))
  const marked = (await markIncomplete(context)).get(result.archive.borgId)
  if (incompleteReason !== null) {
    const where = marked ?? result.archive.name
    const only = marked === undefined ? ' in Borgitory’s records; its name will say so after the next backup' : ''
    const inside = `What there was is in the archive ${where}, which is marked incomplete${only}.`
    return {
      state: 'FAILED',
      // What borg warned of may be why.
      problem: joined([incompleteReason, inside, ended.warning]),
      isRepositoryOpened: true,
    }
  }
  const { fileProblemCount } = journal
  if (fileProblemCount > 0) {
    const files = countOfProblems(fileProblemCount, ['file was', 'files were'], 'not backed up as a whole')
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: ended.warning === null ? files : `${files} ${ended.warning}`,
    }
  }
  return resultOf(ended)
}

export const backup = defineTask({
  description: '`borg create`',
  effects: { done: 'An archive was made before that', unfinished: wholeArchives },
  ...onRepository({ lease: 'WRITE', opening: 'WHOLE', isThere: true }, backUp),
})
