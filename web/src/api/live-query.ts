import {
  type AnyVariables,
  type CreateQueryArgs,
  createQuery,
  createSubscription,
  type TypedDocumentNode,
} from '@urql/solid'
import { createEffect, on, onCleanup } from 'solid-js'
import { announceMiss, misses } from './socket.ts'

/** Like urql's `createQuery`, and reads again when announcements may have been missed. */
export const createLiveQuery = <Data, Variables extends AnyVariables>(args: CreateQueryArgs<Data, Variables>) => {
  const [result, refetch] = createQuery(args)
  const read = () => refetch({ requestPolicy: 'network-only' })
  createEffect(on(misses, read, { defer: true }))
  return [result, read] as const
}

/** Milliseconds before a subscription that the server ended is asked for again. */
const pause = 1000

/**
 * A subscription that is there as long as the page. Where the server ends it, it starts anew; an error in the place of
 * an announcement, as for something that was removed, counts as an announcement that was missed.
 */
export const createEndlessSubscription = <Data>(query: TypedDocumentNode<Data, Record<string, never>>) => {
  const [result, subscribe] = createSubscription({ query, variables: {} })
  createEffect(() => result.error && announceMiss())
  createEffect(() => {
    if (result.fetching) return
    const timer = setTimeout(() => {
      subscribe()
      announceMiss()
    }, pause)
    onCleanup(() => clearTimeout(timer))
  })
}
