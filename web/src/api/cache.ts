import { type Cache, type CacheExchangeOpts, cacheExchange, type Entity } from '@urql/exchange-graphcache'
import { jobKinds } from '../text/kinds.ts'
import { activeStates } from '../text/words.ts'
import type { ChangesSubscription, JobRowFragment, ScheduleRowFragment } from './gql/graphql.ts'
import { embeddedTypes, listFields, nodeTypes, problemTypes, singletonTypes } from './gql/types.ts'

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

/** Has the lists of a type be read anew where they are shown. */
const forgetLists = (cache: Cache, type: string) => {
  const fields: readonly string[] = type in listFields ? listFields[type as keyof typeof listFields] : []
  for (const field of fields) forget(cache, 'Query', field)
}

/** Has what is held of an object be read anew where it is shown. */
const forgetObject = (cache: Cache, entity: string) => {
  for (const { fieldName, fieldKey } of cache.inspectFields(entity)) {
    if (fieldName !== '__typename' && fieldName !== 'id') cache.invalidate(entity, fieldKey)
  }
}

/** By id of a job: its state. */
const states = new Map<string, string>()

/** Which lists a job belongs to changes with its state only; the job itself came along. */
const noteJob = (cache: Cache, job: JobRowFragment) => {
  const { id, state, plan } = job
  if (states.get(id) === state) return
  states.set(id, state)
  holdJob(cache, job)
  const entity = plan && cache.keyOfEntity({ __typename: 'BackupPlan', id: plan.id })
  if (entity) forget(cache, entity, 'statistics')
  forgetLists(cache, 'Job')
}

/** By id of a schedule: when it runs next. */
const nextRuns = new Map<string, string | null>()

/** By id of a schedule: what decides about the lists that it is in and about its runs. */
const shapes = new Map<string, string>()

const forgetSchedules = (cache: Cache) => {
  forgetLists(cache, 'Schedule')
  forget(cache, 'Query', 'calendar')
}

/** The lists of those that run next change with each run. */
const forgetNextRuns = (cache: Cache) => {
  for (const { fieldName, fieldKey, arguments: given } of cache.inspectFields('Query')) {
    if (fieldName === 'schedules' && given?.order === 'NEXT_RUN') cache.invalidate('Query', fieldKey)
  }
}

/** A schedule changes with every run; its place in lists and its times to come do not. */
const noteSchedule = (cache: Cache, schedule: ScheduleRowFragment) => {
  const { id, nextRunAt, lastScheduledFor, lastSkippedFor, lastSkippedReason, ...rest } = schedule
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
}

/** Has what is shown become what is true after a change. */
const noteChange = (cache: Cache, change: NonNullable<ChangesSubscription['changes']>) => {
  const { typename, id, isDeleted, node } = change
  if (node?.__typename === 'Job') return noteJob(cache, node)
  if (node?.__typename === 'Schedule') return noteSchedule(cache, node)
  // Less of it is kept: jobs were removed.
  if (typename === 'History') forgetLists(cache, 'Job')
  // What there is one of has a subscription of its own.
  if (id === null) return
  const entity = cache.keyOfEntity({ __typename: typename, id })
  if (entity && isDeleted) cache.invalidate(entity)
  else if (entity) forgetObject(cache, entity)
  forgetLists(cache, typename)
  if (typename === 'Schedule') forgetSchedules(cache)
}

const options: CacheExchangeOpts = {
  keys: {
    ...Object.fromEntries([...embeddedTypes, ...problemTypes].map((type) => [type, () => null])),
    // Whatever brings it, it is new on every page that shows it.
    ...Object.fromEntries(singletonTypes.map((type) => [type, () => 'only'])),
  },
  possibleTypes: { Problem: [...problemTypes], Node: [...nodeTypes] },
  updates: {
    // What is not announced: people and their tokens are changed by hand only.
    Mutation: {
      createApiToken: (_result, _input, cache) => forget(cache, 'Query', 'apiTokens'),
      deleteApiToken: (_result, _input, cache) => forget(cache, 'Query', 'apiTokens'),
      createUser: (_result, _input, cache) => forget(cache, 'Query', 'users'),
      deleteUser: (_result, _input, cache) => {
        forget(cache, 'Query', 'users')
        forget(cache, 'Query', 'apiTokens')
      },
    },
    Subscription: {
      changes: ({ changes }: ChangesSubscription, _input, cache) => {
        if (changes) noteChange(cache, changes)
      },
    },
  },
}

/** The normalised cache: an object that a subscription brings is new on every page that shows it. */
export const createCache = () => cacheExchange(options)
