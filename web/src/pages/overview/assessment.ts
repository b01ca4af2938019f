import type { RepositoryRowFragment } from '../../api/gql/graphql.ts'
import { sayCount } from '../../text/counts.ts'
import { sayRelative } from '../../text/times.ts'
import type { Tone } from '../../text/words.ts'

interface Finding {
  readonly repository: Pick<RepositoryRowFragment, 'id' | 'name'>
  readonly tone: Tone
  readonly text: string
  /** The job that tells more, where there is one. */
  readonly jobId?: string
}

export interface Assessment {
  readonly tone: Tone
  /** The answer to "is everything safely backed up?" */
  readonly sentence: string
  /** What needs attention, worst first. */
  readonly findings: readonly Finding[]
}

type Assessed = Pick<RepositoryRowFragment, 'id' | 'name' | 'state' | 'problem' | 'latestArchive' | 'latestBackup'>

const find = (repository: Assessed): Finding | undefined => {
  const { state, latestArchive, latestBackup } = repository
  if (state === 'FAILED') {
    return { repository, tone: 'failed', text: `Not usable. ${repository.problem ?? ''}`.trim() }
  }
  if (state === 'PENDING') return undefined
  const jobId = latestBackup?.id
  switch (latestBackup?.state) {
    case 'FAILED':
      return { repository, tone: 'failed', jobId, text: `The last backup failed. ${latestBackup.problem ?? ''}`.trim() }
    case 'INTERRUPTED':
      return { repository, tone: 'failed', jobId, text: 'The last backup was interrupted.' }
    case 'CANCELLED':
      return { repository, tone: 'warning', jobId, text: 'The last backup was cancelled.' }
    case 'COMPLETED_WITH_WARNINGS':
      return { repository, tone: 'warning', jobId, text: 'The last backup left something out.' }
  }
  if (!latestArchive) return { repository, tone: 'warning', text: 'Has no backup yet.' }
  if (latestArchive.incompleteReason) {
    return { repository, tone: 'warning', text: `The newest archive is not whole. ${latestArchive.incompleteReason}` }
  }
  return undefined
}

/** Says whether everything is safely backed up, and what is not. `now` in milliseconds since the epoch. */
export const assess = (repositories: readonly Assessed[], now: number): Assessment => {
  const findings = repositories
    .map(find)
    .filter((finding) => finding !== undefined)
    .sort((a, b) => Number(b.tone === 'failed') - Number(a.tone === 'failed'))
  if (repositories.length === 0) return { tone: 'idle', sentence: 'Nothing is backed up yet.', findings }

  const failed = findings.filter(({ tone }) => tone === 'failed').length
  if (failed > 0) {
    const sentence = `${sayCount(failed, 'repository is', 'repositories are')} not safely backed up.`
    return { tone: 'failed', sentence, findings }
  }
  if (findings.length > 0) {
    const sentence = `${sayCount(findings.length, 'repository needs', 'repositories need')} a look.`
    return { tone: 'warning', sentence, findings }
  }
  const latest = repositories.flatMap(({ latestArchive }) => latestArchive?.startedAt ?? []).sort()
  const oldest = latest[0]
  if (!oldest) return { tone: 'idle', sentence: 'Nothing is backed up yet.', findings }
  return {
    tone: 'good',
    sentence:
      repositories.length === 1
        ? `Your repository has a backup, made ${sayRelative(oldest, now)}.`
        : `All ${repositories.length} repositories have a backup, the least recent made ${sayRelative(oldest, now)}.`,
    findings,
  }
}
