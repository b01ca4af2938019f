import type { EndedBackupFragment, SafetyQuery } from '../../api/gql/graphql.ts'
import { sayVanished } from '../../text/archives.ts'
import { sayCount } from '../../text/counts.ts'
import { sayRelative } from '../../text/times.ts'
import type { Tone } from '../../text/words.ts'

interface Subject {
  readonly kind: 'plan' | 'repository'
  readonly id: string
  readonly name: string
}

interface Finding {
  readonly subject: Subject
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

type Repository = SafetyQuery['repositories']['edges'][number]['node']
type Plan = SafetyQuery['plans']['edges'][number]['node']

/** Milliseconds for which a backup without a plan counts that did not go well, where a plan has backed up since. */
const manualCounts = 7 * 86_400_000

const sayProblem = (sentence: string, problem: string | null) => (problem ? `${sentence} ${problem}` : sentence)

/** What is not well about a backup that has ended. `backup` is what the sentence calls it. */
const judge = (job: EndedBackupFragment, backup: string): Omit<Finding, 'subject'> | undefined => {
  const jobId = job.id
  switch (job.state) {
    case 'FAILED':
      return { tone: 'failed', jobId, text: sayProblem(`${backup} failed.`, job.problem) }
    case 'INTERRUPTED':
      return { tone: 'failed', jobId, text: `${backup} was interrupted.` }
    case 'CANCELLED':
      return { tone: 'warning', jobId, text: `${backup} was cancelled.` }
    case 'COMPLETED_WITH_WARNINGS':
      return { tone: 'warning', jobId, text: sayProblem(`${backup} has warnings.`, job.problem) }
    default:
      return undefined
  }
}

const findInPlan = ({ id, name, latestEndedJob }: Plan): Finding | undefined => {
  const found = latestEndedJob
    ? judge(latestEndedJob, 'The last backup')
    : { tone: 'warning' as const, text: 'Has no backup yet.' }
  return found && { subject: { kind: 'plan', id, name }, ...found }
}

const findInRepository = (repository: Repository, hasPlans: boolean, now: number): Finding | undefined => {
  const { id, name, state, problem, latestBackup, latestManualBackup: manual } = repository
  const { latestArchive, latestIncompleteArchive } = repository
  const subject: Subject = { kind: 'repository', id, name }
  if (state === 'FAILED')
    return { subject, tone: 'failed', text: sayProblem('Could not be opened the last time.', problem) }
  if (state === 'PENDING') return undefined
  const isNew = manual && (manual.id === latestBackup?.id || now - Date.parse(manual.createdAt) < manualCounts)
  const found = isNew && judge(manual, hasPlans ? 'The last backup without a plan' : 'The last backup')
  if (found) return { subject, ...found }
  if (!latestArchive && !hasPlans) {
    const text = latestIncompleteArchive ? 'Has no whole backup, only incomplete ones.' : 'Has no backup yet.'
    return { subject, tone: 'warning', text }
  }
  return undefined
}

/** A repository from which archives have vanished, however well its backups go. */
const findVanished = ({ id, name, vanishedArchiveCount: count }: Repository): Finding | undefined => {
  if (count === 0) return undefined
  const text = `${sayVanished(count)}, and nobody has removed ${count === 1 ? 'it' : 'them'} here.`
  return { subject: { kind: 'repository', id, name }, tone: 'warning', text }
}

/** Each once, however much was found of it. */
const subjectsOf = (findings: readonly Finding[]): readonly Subject[] => [
  ...new Map(findings.map(({ subject }) => [`${subject.kind} ${subject.id}`, subject])).values(),
]

/** `2 plans and 1 repository`, with the verb that belongs to it. */
const sayBoth = (subjects: readonly Pick<Subject, 'kind'>[], one: string, many: string) => {
  const plans = subjects.filter(({ kind }) => kind === 'plan').length
  const repositories = subjects.length - plans
  const counts = [
    plans > 0 && sayCount(plans, 'plan'),
    repositories > 0 && sayCount(repositories, 'repository', 'repositories'),
  ]
  return `${counts.filter(Boolean).join(' and ')} ${subjects.length === 1 ? one : many}`
}

/** What has a backup, and when the least recent of these was made. */
const praise = (backups: readonly { kind: Subject['kind']; at: string }[], now: number) => {
  const [oldest] = backups.map(({ at }) => at).sort()
  if (!oldest) return undefined
  const made = sayRelative(oldest, now)
  const [only] = backups
  if (backups.length === 1) return `Your ${only?.kind} has a backup, made ${made}.`
  return `All ${sayBoth(backups, '', 'have a backup')}, the least recent made ${made}.`
}

/**
 * Says whether everything is safely backed up, and what is not: by the last backup of each plan, and by that of each
 * repository without one. What runs now says nothing yet. `now` in milliseconds since the epoch.
 */
export const assess = (repositories: readonly Repository[], plans: readonly Plan[], now: number): Assessment => {
  const planned = new Set(plans.map(({ repository }) => repository.id))
  const findings = [
    ...plans.map(findInPlan),
    ...repositories.map((repository) => findInRepository(repository, planned.has(repository.id), now)),
    ...repositories.map(findVanished),
  ]
    .filter((finding) => finding !== undefined)
    .sort((a, b) => Number(b.tone === 'failed') - Number(a.tone === 'failed'))

  const failed = subjectsOf(findings.filter(({ tone }) => tone === 'failed'))
  if (failed.length > 0) {
    return { tone: 'failed', sentence: `${sayBoth(failed, 'is', 'are')} not safely backed up.`, findings }
  }
  if (findings.length > 0) {
    const subjects = subjectsOf(findings)
    return { tone: 'warning', sentence: `${sayBoth(subjects, 'needs', 'need')} a look.`, findings }
  }
  const backups = [
    ...plans.flatMap(({ latestEndedJob: job }) =>
      job ? [{ kind: 'plan' as const, at: job.finishedAt ?? job.createdAt }] : [],
    ),
    ...repositories.flatMap(({ id, latestArchive }) =>
      latestArchive && !planned.has(id) ? [{ kind: 'repository' as const, at: latestArchive.startedAt }] : [],
    ),
  ]
  const sentence = praise(backups, now)
  return { tone: sentence ? 'good' : 'idle', sentence: sentence ?? 'Nothing is backed up yet.', findings }
}
