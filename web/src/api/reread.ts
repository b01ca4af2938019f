import { type Exchange, makeOperation } from '@urql/core'
import { pipe, tap } from 'wonka'

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
    return pipe(
      operations,
      tap(({ kind, key }) => {
        if (kind === 'query') starts.set(key, [...(starts.get(key) ?? []), announcements])
        else if (kind === 'teardown') starts.delete(key)
      }),
      forward,
      tap(({ operation }) => {
        if (operation.kind === 'subscription') announcements += 1
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
