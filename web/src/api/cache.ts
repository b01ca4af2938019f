import { type Cache, type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache'
import type {
  JobsChangedSubscription,
  RepositoriesChangedSubscription,
  RepositoriesDeletedSubscription,
} from './gql/graphql.ts'

/** Types without an id: they live inside the object that holds them. A test compares this list with the schema. */
export const embeddedTypes = [
  'AllowedWindow',
  'ArchiveNamePreview',
  'BackupPlanJobsConnection',
  'BackupPlanJobsConnectionEdge',
  'BackupSettings',
  'Calendar',
  'CalendarRun',
  'Compression',
  'CronPreview',
  'DryRunSummary',
  'Folder',
  'FolderEntry',
  'InvalidField',
  'PageInfo',
  'Pattern',
  'PatternProblem',
  'QueryJobsConnection',
  'QueryJobsConnectionEdge',
  'QueryPlansConnection',
  'QueryPlansConnectionEdge',
  'QueryRepositoriesConnection',
  'QueryRepositoriesConnectionEdge',
  'QuerySchedulesConnection',
  'QuerySchedulesConnectionEdge',
  'RepositoryArchivesConnection',
  'RepositoryArchivesConnectionEdge',
  'RepositoryJobsConnection',
  'RepositoryJobsConnectionEdge',
  'RepositoryLock',
  'RepositoryPlansConnection',
  'RepositoryPlansConnectionEdge',
  'ScheduleJobsConnection',
  'ScheduleJobsConnectionEdge',
  'ScheduledRun',
  'System',
  'TaskFileProblemsConnection',
  'TaskFileProblemsConnectionEdge',
  'TaskOutput',
  'TaskProgress',
  'Tool',
]

/** The problems that a mutation can answer with. A test compares this list with the schema. */
export const problemTypes = [
  'AlreadySetUp',
  'CredentialsWrong',
  'InvalidInput',
  'JobFinished',
  'JobNotFound',
  'LocationTaken',
  'LocationUnusable',
  'NameTaken',
  'PatternsUnchecked',
  'PlanNotFound',
  'RepositoryBusy',
  'RepositoryNotFound',
  'RepositoryNotReady',
  'ScheduleNotFound',
  'SetupTokenWrong',
  'TooManyAttempts',
]

/** The types that have an id of their own. A test compares this list with the schema. */
export const nodeTypes = ['Archive', 'BackupPlan', 'FileProblem', 'Job', 'Repository', 'Schedule', 'Task', 'User']

const forget = (cache: Cache, entity: string, fieldName: string) => {
  for (const field of cache.inspectFields(entity)) {
    if (field.fieldName === fieldName) cache.invalidate(entity, field.fieldKey)
  }
}

const states = new Map<string, string>()

const options: CacheExchangeOpts = {
  keys: Object.fromEntries([...embeddedTypes, ...problemTypes].map((type) => [type, () => null])),
  possibleTypes: { Problem: problemTypes, Node: nodeTypes },
  updates: {
    Mutation: {
      createRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      importRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      deleteRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      updateRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
    },
    Subscription: {
      // Graphcache updates the job itself; which lists a job belongs to changes with its state only.
      jobsChanged: (result: JobsChangedSubscription, _input, cache) => {
        const { id, state } = result.jobsChanged
        if (states.get(id) === state) return
        states.set(id, state)
        forget(cache, 'Query', 'jobs')
      },
      repositoryChanged: (result: RepositoriesChangedSubscription, _input, cache) => {
        const { id } = result.repositoryChanged
        if (!states.has(id)) forget(cache, 'Query', 'repositories')
        states.set(id, result.repositoryChanged.state)
        const entity = cache.keyOfEntity({ __typename: 'Repository', id })
        if (entity) forget(cache, entity, 'archives')
      },
      repositoryDeleted: (result: RepositoriesDeletedSubscription, _input, cache) => {
        cache.invalidate({ __typename: 'Repository', id: result.repositoryDeleted.id })
        forget(cache, 'Query', 'repositories')
      },
    },
  },
}

/** The normalised cache: an object that a subscription brings is new on every page that shows it. */
export const createCache = () => cacheExchange(options)
