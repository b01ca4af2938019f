import { addToSummary, createDryRun, dryRunEntry, emptySummary } from '../../borg/dry-run.ts'
import { backupSettings } from '../settings.ts'
import { completed, resultOf, type Step } from '../step.ts'
import { createUnreadSources } from './unread-sources.ts'

/**
 * Finds out what a backup would take along and what not: each file and folder is a line of the output, their numbers are
 * the task's summary. It makes no archive. That a source is missing is a warning here, where it would fail a backup.
 */
export const dryRun: Step = async ({ job, borg, journal, runBorg }) => {
  const settings = backupSettings.parse(job.settings)
  const unread = createUnreadSources(settings.sources)
  let summary = emptySummary
  journal.progress({ dryRunSummary: { ...summary } })
  const ended = await runBorg(createDryRun(borg, settings), {
    onEvent: (event) => {
      const entry = dryRunEntry(event)
      if (entry === null) return
      summary = addToSummary(summary, entry)
      journal.progress({ currentPath: entry.path, dryRunSummary: { ...summary } })
    },
    onFileProblem: unread.note,
  })
  if (ended.failure) return resultOf(ended)
  const missing = await unread.sentence()
  if (missing !== null) {
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: `${missing} A backup would be incomplete and fail.`,
    }
  }
  const { fileProblemCount } = journal
  if (fileProblemCount > 0) {
    const files = fileProblemCount === 1 ? 'file or folder' : 'files or folders'
    return {
      ...completed,
      state: 'COMPLETED_WITH_WARNINGS',
      problem: `${fileProblemCount} ${files} could not be read.`,
    }
  }
  return resultOf(ended)
}
