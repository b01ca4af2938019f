import type { JobDetailsFragment, JobRowFragment, TaskDetailsFragment } from '../../api/gql/graphql.ts'
import { sayPercent } from '../../text/counts.ts'
import { jobKinds, taskKinds } from '../../text/kinds.ts'
import { sayBytes, sayRate } from '../../text/sizes.ts'
import { sayDuration, sayRelative, sayTimeLeft } from '../../text/times.ts'
import { isActive } from '../../text/words.ts'

/** `family`, `family and attic`, `family and 2 more`; empty for none. */
export const sayRepositories = (names: readonly string[]) => {
  const [first = '', second] = names
  if (second === undefined) return first
  return names.length === 2 ? `${first} and ${second}` : `${first} and ${names.length - 1} more`
}

/** What a job is called: by its plan where it has one, `notes: backup into family`, else `Backup of family`. */
export const sayJob = ({ kind, repositoryNames, plan }: Pick<JobRowFragment, 'kind' | 'repositoryNames' | 'plan'>) => {
  const { word, preposition, planPreposition } = jobKinds[kind]
  const what = plan ? `${plan.name}: ${word.toLowerCase()}` : word
  const where = sayRepositories(repositoryNames)
  return where === '' ? what : `${what} ${plan ? planPreposition : preposition} ${where}`
}

/** The repositories of a job, in the order of its tasks; without an id where one was removed since. */
export const repositoriesOf = ({ repositoryNames, tasks }: Pick<JobDetailsFragment, 'repositoryNames' | 'tasks'>) =>
  repositoryNames.map((name) => {
    const task = tasks.find((task) => task.repositoryName === name && task.repository)
    return { name, id: task?.repository?.id ?? null }
  })

/** Whether the job was asked to stop and has not yet. */
export const isCancelling = (job: Pick<JobRowFragment, 'state' | 'cancelRequestedAt'>) =>
  isActive(job.state) && job.cancelRequestedAt !== null

/** The task that shows how far a job is. */
export const runningTask = <Task extends Pick<TaskDetailsFragment, 'state'>>(job: {
  tasks: Task[]
}): Task | undefined => job.tasks.find(({ state }) => state === 'RUNNING')

/** How far a task is, as short as it can be said: `41% · 12.3 MiB/s · about 3 minutes left`. */
export const sayProgress = (progress: JobRowFragment['tasks'][number]['progress']) => {
  const { percent, originalSize, bytesPerSecond, secondsLeft } = progress
  return [
    percent !== null ? `about ${sayPercent(percent)}` : originalSize !== null ? sayBytes(originalSize) : '',
    bytesPerSecond !== null ? sayRate(bytesPerSecond) : '',
    secondsLeft !== null ? sayTimeLeft(secondsLeft) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Who or what asked for a job: `by schedule Nightly`, `by ada`. */
export const sayAsker = ({ schedule, requestedBy }: Pick<JobRowFragment, 'schedule' | 'requestedBy'>) =>
  schedule ? `by schedule ${schedule.name}` : requestedBy ? `by ${requestedBy.username}` : ''

/** What a job has to do with others: that it tries one again, or was tried again. */
export const sayLineage = (job: Pick<JobRowFragment, 'retryOf' | 'retries'>) =>
  [
    job.retryOf ? 'Tries another job again' : '',
    job.retries.length === 0
      ? ''
      : job.retries.length === 1
        ? 'Was tried again'
        : `Was tried again ${job.retries.length} times`,
  ]
    .filter(Boolean)
    .join(' · ')

/** What a task is called. */
export const sayTask = (task: Pick<TaskDetailsFragment, 'kind' | 'hookName'>) =>
  task.hookName === null ? taskKinds[task.kind].word : `Hook: ${task.hookName}`

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const endings: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** `1st`, `2nd`, `11th`. */
export const sayOrdinal = (count: number) => `${count}${endings[ordinals.select(count)] ?? 'th'}`

/** Which try of a task this is, and when the next one is; empty where there is nothing to tell. */
export const sayTries = (
  { state, attempt, retries }: Pick<TaskDetailsFragment, 'state' | 'attempt' | 'retries'>,
  notBefore: string | null,
  now: number,
) => {
  const tries = retries + 1
  if (attempt === 0 || tries === 1) return ''
  const which = `${sayOrdinal(attempt)} try of ${tries}`
  if (state === 'RUNNING') return which
  if (isActive(state)) {
    const left = notBefore === null ? 0 : Date.parse(notBefore) - now
    const next = left <= 0 ? 'as soon as it can' : left < 5000 ? 'in a moment' : sayRelative(notBefore ?? '', now)
    return `${which} failed, the next begins ${next}`
  }
  if (attempt === 1) return ''
  return state === 'FAILED' && attempt === tries ? `Failed ${attempt} times` : which
}

const hookConditions = {
  UNLESS_FAILED: 'Runs unless something before it failed.',
  ON_SUCCESS: 'Runs after a success.',
  ON_WARNING: 'Runs after warnings.',
  ON_FAILURE: 'Runs after a failure.',
  ALWAYS: 'Runs in the end, however the job went.',
}

/** By which rules a task runs, sentence by sentence; what is as usual is not told. */
export const sayPolicies = (
  task: Pick<TaskDetailsFragment, 'kind' | 'hookMoment' | 'condition' | 'onFailure' | 'retries' | 'timeLimit'>,
): string[] => {
  const { isHook } = taskKinds[task.kind]
  return [
    isHook && (task.hookMoment === 'BEFORE' ? 'Runs before the backup.' : hookConditions[task.condition]),
    isHook &&
      (task.onFailure === 'CONTINUE'
        ? 'Its failure is only a warning.'
        : task.hookMoment === 'BEFORE'
          ? 'There is no backup when it fails.'
          : 'The job fails when it fails.'),
    task.retries > 0 && `Is tried ${task.retries + 1} times at most.`,
    task.timeLimit !== null && `A try is stopped after ${sayDuration(task.timeLimit)}.`,
  ].filter((sentence) => typeof sentence === 'string')
}

/** The task that people who open a job want to see: what failed, what prepares now, or what the job is for. */
export const taskOfInterest = ({ state, tasks }: Pick<JobDetailsFragment, 'state' | 'tasks'>) => {
  const failed = tasks.filter((task) => task.state === 'FAILED')
  const preparing = tasks.find((task) => task.state === 'RUNNING' && task.hookMoment === 'BEFORE')
  const main = tasks.find(({ kind }) => !taskKinds[kind].isHook)
  if (isActive(state)) return preparing ?? main ?? tasks[0]
  return failed.find(({ onFailure }) => onFailure === 'STOP') ?? failed[0] ?? main ?? tasks[0]
}
