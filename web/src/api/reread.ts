import { type Exchange, makeOperation, type OperationResult } from '@urql/core'
import { pipe, tap } from 'wonka'
import type {
  ChangesSubscription,
  HistorySizeSubscription,
  JobChangedSubscription,
  QueueChangedSubscription,
} from './gql/graphql.ts'

type Watched =
  | keyof ChangesSubscription
  | keyof HistorySizeSubscription
  | keyof JobChangedSubscription
  | keyof QueueChangedSubscription

/** The fields of subscriptions that begin with how things are, which is no announcement. */
const beginningFields: readonly string[] = [
  'changes',
  'historyChanged',
  'jobChanged',
  'queueChanged',
] satisfies readonly Watched[]

/**
 * Reads anew what an announcement overtook. The answer to a query that was under way then may tell what was true before
 * the announcement, and the cache would keep it over what was announced.
 */
export const rereadOvertaken: Exchange =
  ({ client, forward }) =>
  (operations) => {
    let announcements = 0
    /** By key of a query: how many announcements there had been when each of its reads under way began. */
    const starts = new Map<number, number[]>()
    /** By key: the subscriptions that have begun. */
    const begun = new Set<number>()
    const isAnnouncement = ({ operation, data }: OperationResult) => {
      if (operation.kind !== 'subscription') return false
      if (begun.has(operation.key)) return true
      begun.add(operation.key)
      return !beginningFields.some((field) => field in (data ?? {}))
    }
    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === 'query') starts.set(key, [...(starts.get(key) ?? []), announcements])
        else if (kind === 'teardown') {
          starts.delete(key)
          begun.delete(key)
        }
      }),
      forward,
      tap((result) => {
        const { operation } = result
        if (isAnnouncement(result)) announcements += 1
        if (operation.kind !== 'query') return
        const [start, ...later] = starts.get(operation.key) ?? []
        if (later.length > 0) starts.set(operation.key, later)
        else starts.delete(operation.key)
        if (start === undefined || start === announcements) return
        const context = { ...operation.context, requestPolicy: 'network-only' as const }
        client.reexecuteOperation(makeOperation('query', operation, context))
      }),
    )
  }
