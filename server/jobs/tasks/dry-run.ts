import { createDryRun, type DryRunEntry, dryRunEntry } from '../../borg/dry-run.ts'
import { showControls } from '../../borg/messages.ts'
import { backupSettings } from '../../plans/backup-settings.ts'
import { countOfProblems } from './count-of-problems.ts'
import { defineTask } from './define.ts'
import { addToSummary, dryRunSummary, emptySummary } from './dry-run-summary.ts'
import { joined, leaveOwnFilesOut, leaveUnreadableOut } from './left-out.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { isClosed, notReadable } from './readable.ts'
import { completed, resultOf } from './result.ts'
import { createUnreadSources } from './unread-sources.ts'

/** How many files are looked at together: 50,000 take a quarter of a second. */
const atOnce = 64

/**
 * Finds out what a backup would take along and what not: each file and folder is a line of the output, their numbers are
 * the task's summary. It makes no archive. Borg opens no files here, so whether they may be
 * read is looked up besides. That a source is missing is a warning here, where it would fail a backup.
 */
const look = async (context: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { job, borg, journal, runBorg } = context
  const settings = backupSettings.parse(job.settings)
  const ownFiles = await leaveOwnFilesOut(context, settings.sources)
  const unreadable = await leaveUnreadableOut(context, settings)
  const unread = createUnreadSources(settings.sources, { readsDevices: settings.readSpecial })
  let summary = emptySummary
  journal.progress({ summary: { ...summary } })
  const count = (entry: DryRunEntry) => {
    summary = addToSummary(summary, entry)
    journal.progress({ currentPath: entry.path, summary: { ...summary } })
  }
  let included: DryRunEntry[] = []
  const lookAtIncluded = async () => {
    const entries = included
    included = []
    const closed = await Promise.all(entries.map(({ path }) => isClosed(path)))
    const lines: string[] = []
    for (const [index, entry] of entries.entries()) {
      count(closed[index] ? { ...entry, outcome: 'UNREADABLE' } : entry)
      if (!closed[index]) continue
      const problem = { path: entry.path, message: notReadable }
      journal.fileProblem(problem)
      unread.note(problem)
      lines.push(`WARNING: ${showControls(entry.path)}: ${notReadable}`)
    }
    await journal.output(lines)
  }
  const ended = await runBorg(createDryRun(borg, { ...settings, leftOut: [...ownFiles.paths, ...unreadable.paths] }), {
    sources: settings.sources,
    onEvent: (event) => {
      unread.see(event)
      const entry = dryRunEntry(event)
      if (entry === null) return
      if (entry.outcome !== 'INCLUDED') return count(entry)
      included.push(entry)
      if (included.length >= atOnce) return lookAtIncluded()
    },
    onFileProblem: unread.note,
  })
  await lookAtIncluded()
  if (ended.failure) return resultOf(ended)
  const missing = joined([await unread.sentence(), ownFiles.problem, unreadable.problem, await ownFiles.change()])
  if (missing !== null) {
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: joined([missing, 'A backup would be incomplete and fail.', ended.warning]),
    }
  }
  const { fileProblemCount } = journal
  if (fileProblemCount > 0) {
    const files = countOfProblems(fileProblemCount, ['file or folder', 'files or folders'], 'could not be read')
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: ended.warning === null ? files : `${files} ${ended.warning}`,
    }
  }
  return resultOf(ended)
}

export const dryRun = defineTask({
  description:
    '`borg create --dry-run`: its output lists each file, `-` for taken and `x` for left out. Of the taken ones it only looks up whether they may be read; `fileProblems` lists those that may not.',
  summary: dryRunSummary,
  ...onRepository({ lease: null, opening: 'PART', isThere: false }, look),
})
