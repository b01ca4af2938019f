import { readConfig } from '../../../server/config.ts'
import { type Database, openDatabase } from '../../../server/database/client.ts'
import type { ApiClient } from '../../support/api-client.ts'

type Input = Readonly<Record<string, unknown>>

export interface ScheduleAnswer {
  readonly __typename: string
  readonly id: string
  readonly name: string
  readonly isEnabled: boolean
  readonly text: string
  readonly cron: string
  readonly timeZone: string
  readonly jitter: number
  readonly maxDuration: number | null
  readonly window: { readonly from: string; readonly to: string; readonly weekdays: readonly number[] | null } | null
  readonly nextRunAt: string | null
  readonly lastScheduledFor: string | null
  readonly lastSkippedFor: string | null
  readonly lastSkippedReason: string | null
  readonly action: string
  readonly plan: { readonly id: string } | null
  readonly repository: { readonly id: string } | null
  readonly latestJob: { readonly id: string } | null
  readonly nextRuns: readonly { readonly scheduledFor: string; readonly at: string }[]
  readonly jobs: { readonly totalCount: number; readonly edges: readonly { readonly node: RunAnswer }[] }
  readonly message?: string
  readonly fields?: readonly { readonly path: readonly string[]; readonly message: string }[]
}

export interface RunAnswer {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly scheduledFor: string | null
  readonly requestedBy: { readonly username: string } | null
}

export const scheduleFields = `
  id name isEnabled text cron timeZone jitter maxDuration window { from to weekdays } nextRunAt lastScheduledFor
  lastSkippedFor lastSkippedReason action plan { id } repository { id } latestJob { id }
  nextRuns(first: 3) { scheduledFor at }
  jobs(first: 50) { totalCount edges { node { id kind state scheduledFor requestedBy { username } } } }`

const change = async (api: ApiClient, name: string, input: Input): Promise<ScheduleAnswer> => {
  const answer = await api.query<Record<string, ScheduleAnswer>>(
    `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) {
      ${name}(input: $input) {
        __typename
        ... on Problem { message }
        ... on InvalidInput { fields { path message } }
        ... on Schedule { ${scheduleFields} }
      }
    }`,
    { input },
  )
  const result = answer[name]
  if (result === undefined) throw new Error(`no answer to ${name}`)
  return result
}

let count = 0

/** Asks for a schedule at 03:00 UTC, unless `input` says otherwise. */
export const createSchedule = (api: ApiClient, input: Input) => {
  count += 1
  const usual = { name: `schedule ${count}`, action: 'REFRESH_ARCHIVES', cron: '0 3 * * *', timeZone: 'UTC' }
  return change(api, 'createSchedule', { ...usual, ...input })
}

export const updateSchedule = (api: ApiClient, input: Input) => change(api, 'updateSchedule', input)

/** Null where there is none of this id. */
export const readSchedule = async (api: ApiClient, id: string): Promise<ScheduleAnswer> => {
  const { node } = await api.query<{ node: ScheduleAnswer | null }>(
    `query ($id: ID!) { node(id: $id) { __typename ... on Schedule { ${scheduleFields} } } }`,
    { id },
  )
  if (node === null) throw new Error('There is no such schedule.')
  return node
}

/** The id that the records know an object by. */
export const recordId = (id: string): string => atob(id).split(':')[1] ?? ''

/** Works on the records of a server that does not run. */
export const withRecords = async <T>(dataFolder: string, work: (db: Database) => Promise<T>): Promise<T> => {
  const db = await openDatabase(readConfig({ BORGITORY_DATA: dataFolder }).databaseFile)
  try {
    return await work(db)
  } finally {
    await db.$disconnect()
  }
}
