import { type Cache, type CacheExchangeOpts, cacheExchange, type Entity } from '@urql/exchange-graphcache'
import { jobKinds } from '../text/kinds.ts'
import { activeStates } from '../text/words.ts'
import type {
  ForgetVanishedArchivesMutation,
  JobRowFragment,
  JobsChangedSubscription,
  PlansChangedSubscription,
  PlansDeletedSubscription,
  RepositoriesChangedSubscription,
  RepositoriesDeletedSubscription,
  SchedulesChangedSubscription,
  SchedulesDeletedSubscription,
  StartBackupMutation,
  StartScheduleMutation,
} from './gql/graphql.ts'
import { embeddedTypes, nodeTypes, problemTypes, singletonTypes } from './gql/types.ts'

const forget = (cache: Cache, entity: string, fieldName: string) => {
  for (const field of cache.inspectFields(entity)) {
    if (field.fieldName === fieldName) cache.invalidate(entity, field.fieldKey)
  }
}

/** Has a field hold this job, where it is asked for at all and holds no newer one. */
const hold = (cache: Cache, holder: Entity, field: string, job: JobRowFragment) => {
  const entity = cache.keyOfEntity(holder)
  const held = entity && cache.resolve(entity, field)
  if (!entity || held === undefined) return
  const since = typeof held === 'string' ? cache.resolve(held, 'createdAt') : ''
  if (String(since) <= job.createdAt) cache.link(entity, field, { __typename: 'Job', id: job.id })
}

/** Puts a job where the newest one is shown, so that nothing has to be read anew for it. */
const holdJob = (cache: Cache, job: JobRowFragment) => {
  const hasEnded = !activeStates.includes(job.state)
  const plan: Entity = job.plan && { __typename: 'BackupPlan', id: job.plan.id }
  const repository: Entity = job.repository && { __typename: 'Repository', id: job.repository.id }
  if (job.schedule) hold(cache, { __typename: 'Schedule', id: job.schedule.id }, 'latestJob', job)
  if (!jobKinds[job.kind].isBackup) return
  hold(cache, plan, 'latestJob', job)
  hold(cache, repository, 'latestBackup', job)
  if (hasEnded) hold(cache, plan ?? repository, plan ? 'latestEndedJob' : 'latestManualBackup', job)
}

const states = new Map<string, string>()

/** By id of a schedule: when it runs next. */
const nextRuns = new Map<string, string | null>()

/** By id of a schedule: what decides about the lists that it is in and about its runs. */
const shapes = new Map<string, string>()

const forgetSchedules = (cache: Cache) => {
  forget(cache, 'Query', 'schedules')
  forget(cache, 'Query', 'calendar')
}

/** The lists of those that run next change with each run. */
const forgetNextRuns = (cache: Cache) => {
  for (const { fieldName, fieldKey, arguments: given } of cache.inspectFields('Query')) {
    if (fieldName === 'schedules' && given?.order === 'NEXT_RUN') cache.invalidate('Query', fieldKey)
  }
}

const forgetPlans = (cache: Cache) => forget(cache, 'Query', 'plans')

/** Whether the first `historyChanged` came, which tells how things are and not that something was removed. */
let isHistoryWatched = false

const options: CacheExchangeOpts = {
  keys: {
    ...Object.fromEntries([...embeddedTypes, ...problemTypes].map((type) => [type, () => null])),
    // Whatever brings it, it is new on every page that shows it.
    ...Object.fromEntries(singletonTypes.map((type) => [type, () => 'only'])),
  },
  possibleTypes: { Problem: [...problemTypes], Node: [...nodeTypes] },
  updates: {
    Mutation: {
      createRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      importRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      deleteRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      updateRepository: (_result, _input, cache) => forget(cache, 'Query', 'repositories'),
      forgetVanishedArchives: ({ forgetVanishedArchives: answer }: ForgetVanishedArchivesMutation, _input, cache) => {
        const entity = answer.__typename === 'Repository' && cache.keyOfEntity(answer)
        if (entity) forget(cache, entity, 'vanishedArchives')
      },
      createPlan: (_result, _input, cache) => forgetPlans(cache),
      updatePlan: (_result, _input, cache) => forgetPlans(cache),
      deletePlan: (_result, _input, cache) => forgetPlans(cache),
      createSchedule: (_result, _input, cache) => forgetSchedules(cache),
      updateSchedule: (_result, _input, cache) => forgetSchedules(cache),
      deleteSchedule: (_result, _input, cache) => forgetSchedules(cache),
      createApiToken: (_result, _input, cache) => forget(cache, 'Query', 'apiTokens'),
      deleteApiToken: (_result, _input, cache) => forget(cache, 'Query', 'apiTokens'),
      createUser: (_result, _input, cache) => forget(cache, 'Query', 'users'),
      deleteUser: (_result, _input, cache) => {
        forget(cache, 'Query', 'users')
        forget(cache, 'Query', 'apiTokens')
      },
      startBackup: ({ startBackup }: StartBackupMutation, _input, cache) =>
        startBackup.__typename === 'Job' && holdJob(cache, startBackup),
      startSchedule: ({ startSchedule }: StartScheduleMutation, _input, cache) =>
        startSchedule.__typename === 'Job' && holdJob(cache, startSchedule),
    },
    Subscription: {
      // Graphcache updates the job itself; which lists a job belongs to changes with its state only.
      jobsChanged: (result: JobsChangedSubscription, _input, cache) => {
        const { id, state, plan } = result.jobsChanged
        if (states.get(id) === state) return
        holdJob(cache, result.jobsChanged)
        const entity = plan && cache.keyOfEntity({ __typename: 'BackupPlan', id: plan.id })
        if (entity) forget(cache, entity, 'statistics')
        states.set(id, state)
        forget(cache, 'Query', 'jobs')
      },
      historyChanged: (_result, _input, cache) => {
        if (isHistoryWatched) forget(cache, 'Query', 'jobs')
        isHistoryWatched = true
      },
      repositoryChanged: (result: RepositoriesChangedSubscription, _input, cache) => {
        const { id } = result.repositoryChanged
        if (!states.has(id)) forget(cache, 'Query', 'repositories')
        states.set(id, result.repositoryChanged.state)
        const entity = cache.keyOfEntity({ __typename: 'Repository', id })
        if (!entity) return
        forget(cache, entity, 'archives')
        forget(cache, entity, 'vanishedArchives')
      },
      repositoryDeleted: (result: RepositoriesDeletedSubscription, _input, cache) => {
        cache.invalidate({ __typename: 'Repository', id: result.repositoryDeleted.id })
        forget(cache, 'Query', 'repositories')
      },
      planChanged: (_result: PlansChangedSubscription, _input, cache) => forgetPlans(cache),
      planDeleted: (result: PlansDeletedSubscription, _input, cache) => {
        cache.invalidate({ __typename: 'BackupPlan', id: result.planDeleted.id })
        forgetPlans(cache)
        forgetSchedules(cache)
      },
      // A schedule changes with every run; its place in lists and its times to come do not.
      scheduleChanged: (result: SchedulesChangedSubscription, _input, cache) => {
        const { id, nextRunAt, lastScheduledFor, lastSkippedFor, lastSkippedReason, ...rest } = result.scheduleChanged
        const entity = cache.keyOfEntity({ __typename: 'Schedule', id })
        if (entity) forget(cache, entity, 'nextRuns')
        if (nextRuns.get(id) !== nextRunAt) forgetNextRuns(cache)
        nextRuns.set(id, nextRunAt)
        const shape = JSON.stringify(rest)
        if (shapes.get(id) === shape) return
        shapes.set(id, shape)
        forgetSchedules(cache)
        const plan = rest.plan && cache.keyOfEntity({ __typename: 'BackupPlan', id: rest.plan.id })
        if (plan) forget(cache, plan, 'schedules')
      },
      scheduleDeleted: (result: SchedulesDeletedSubscription, _input, cache) => {
        cache.invalidate({ __typename: 'Schedule', id: result.scheduleDeleted.id })
        forgetSchedules(cache)
      },
    },
  },
}

/** The normalised cache: an object that a subscription brings is new on every page that shows it. */
export const createCache = () => cacheExchange(options)
