import type { JobRowFragment } from '../../api/gql/graphql.ts'
import { sayPercent } from '../../text/counts.ts'
import { sayBytes, sayRate } from '../../text/sizes.ts'
import { sayTimeLeft } from '../../text/times.ts'
import { isActive, jobKinds } from '../../text/words.ts'

/** What a job is called: `Backup of photos`. */
export const sayJob = (job: Pick<JobRowFragment, 'kind' | 'repositoryName'>) =>
  `${jobKinds[job.kind]}${job.kind === 'REFRESH_ARCHIVES' ? ' in ' : ' of '}${job.repositoryName}`

/** Whether the job was asked to stop and has not yet. */
export const isCancelling = (job: Pick<JobRowFragment, 'state' | 'cancelRequestedAt'>) =>
  isActive(job.state) && job.cancelRequestedAt !== null

/** The task that shows how far a job is. */
export const runningTask = (job: Pick<JobRowFragment, 'tasks'>) => job.tasks.find(({ state }) => state === 'RUNNING')

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
