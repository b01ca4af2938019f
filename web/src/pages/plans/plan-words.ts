import type { BackupSettingsPartsFragment, PlanDetailsFragment, PlanRowFragment } from '../../api/gql/graphql.ts'
import { sayCompression } from '../../text/compression.ts'
import { sayCount } from '../../text/counts.ts'
import { sayOptions } from '../../text/options.ts'
import { sayDuration } from '../../text/times.ts'

type Told = Pick<PlanDetailsFragment, 'settings' | 'repository' | 'priority' | 'retries' | 'retryDelay' | 'timeLimit'>

/** What a backup is asked to do, sentence by sentence; what is as usual is not told. */
export const saySettings = (settings: BackupSettingsPartsFragment, repositoryName: string): string[] => {
  const { sources, patterns, compression } = settings
  return [
    `Backs up ${sayCount(sources.length, 'folder')} into ${repositoryName}${
      patterns.length > 0 ? `, by ${sayCount(patterns.length, 'rule')}` : ''
    }.`,
    compression.algorithm === 'NONE'
      ? 'Stores files as they are, without compression.'
      : `Compresses with ${sayCompression(compression)}.`,
    ...sayOptions(settings),
  ]
}

/** What a plan does, sentence by sentence; what is as usual is not told. Folders and rules are shown beside it. */
export const sayPlan = ({ settings, repository, priority, retries, retryDelay, timeLimit }: Told): string[] =>
  [
    ...saySettings(settings, repository.name),
    priority === 'HIGH' && 'Goes before other jobs that wait.',
    priority === 'LOW' && 'Lets other jobs that wait go first.',
    retries > 0 &&
      `After a failure tries again up to ${sayCount(retries, 'time')}, first after ${sayDuration(retryDelay)}${
        retries > 1 ? ', then after twice as long each time' : ''
      }.`,
    timeLimit !== null && `Stops a try after ${sayDuration(timeLimit)}.`,
  ].filter((sentence) => typeof sentence === 'string')

/** A few folders by name, and how many more: `/home, /etc and 3 more`. */
export const saySources = (sources: readonly string[], most = 2) => {
  const rest = sources.length - most
  if (rest <= 0) return sources.join(', ')
  return `${sources.slice(0, most).join(', ')} and ${rest} more`
}

/** When its next run begins; null where none is to come. */
export const nextRunOf = ({ schedules }: Pick<PlanRowFragment, 'schedules'>) =>
  schedules.flatMap(({ nextRunAt }) => nextRunAt ?? []).sort()[0] ?? null
