import type { AnyVariables } from '@urql/core'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createQuery, createSubscription, type QueryArgs } from './documents.ts'
import { ChangesDocument, QueueChangedDocument, type TypedDocumentString } from './gql/graphql.ts'
import { retryDelay } from './retry-delay.ts'
import { announceMiss, isLost, isWatching, misses, noteWatch, patience, stopWaiting } from './socket.ts'

/** Milliseconds at most between two tries to read what could not be read. */
const longestDelay = 30_000

const [outdatedCount, setOutdatedCount] = createSignal(0)

/** Whether something on the page could not be read anew: it shows what was true before, and is being tried again. */
export const isOutdated = () => outdatedCount() > 0

/**
 * Like urql's `createQuery`, and reads again when announcements may have been missed, and when it could not be read. What
 * was read before stays until then.
 */
export const createLastingQuery = <Data, Variables extends AnyVariables>(args: QueryArgs<Data, Variables>) => {
  const [result, refetch] = createQuery(args)
  const isPaused = () => (typeof args.pause === 'function' ? args.pause() : args.pause)
  const read = () => {
    if (!isPaused()) refetch({ requestPolicy: 'network-only' })
  }
  createEffect(on(misses, read, { defer: true }))

  let failures = 0
  createEffect(() => {
    if (!result.error) {
      failures = 0
      return
    }
    const timer = setTimeout(read, retryDelay(failures, Math.random(), longestDelay))
    failures += 1
    onCleanup(() => clearTimeout(timer))
  })
  createEffect(() => {
    if (!result.error || !result.data) return
    setOutdatedCount((count) => count + 1)
    onCleanup(() => setOutdatedCount((count) => count - 1))
  })
  return [result, read] as const
}

/**
 * Whether all of these have been read, or cannot be. A page shows its parts together then, so that none that comes later
 * moves what is read already.
 */
export const areSettled = (...results: readonly { readonly data?: unknown; readonly error?: unknown }[]) =>
  results.every(({ data, error }) => Boolean(data || error))

/**
 * The same for what is announced when it changes: it is first read when the server watches for that, so that once is
 * enough, and nothing that changes meanwhile is missed.
 */
export const createLiveQuery = <Data, Variables extends AnyVariables>({ pause, ...args }: QueryArgs<Data, Variables>) =>
  createLastingQuery({
    ...args,
    pause: () => !isWatching() || Boolean(typeof pause === 'function' ? pause() : pause),
  })

/**
 * A query of something that has a subscription of its own, which begins with how that is now, and whose answers change the
 * cache and with it the query. It is read when the first of them has come, so that none overtakes it.
 */
export const createFollowedQuery = <Data, Variables extends AnyVariables>(args: {
  query: TypedDocumentString<Data, Variables>
  changes: TypedDocumentString<unknown, Variables>
  variables: Variables
  pause?: boolean
}) => {
  const { query, changes, variables, pause } = args
  const [isLate, setLate] = createSignal(false)
  const timer = setTimeout(() => setLate(true), patience)
  onCleanup(() => clearTimeout(timer))
  const [first] = createSubscription({ query: changes, variables, pause })
  const isFollowed = () => Boolean(first.data || first.error) || isLate() || isLost()
  return createLiveQuery({ query, variables, pause: () => Boolean(pause) || !isFollowed() })
}

/** Milliseconds before a subscription that the server ended is asked for again. */
const pause = 1000

/**
 * A subscription that is there as long as the page, and says with its first answer how things are, or that it watches. Where
 * the server ends it, it starts anew; an error in the place of an announcement counts as one that was missed.
 */
const createEndlessSubscription = <Data>(
  query: TypedDocumentString<Data, Record<string, never>>,
  note?: (data: Data) => void,
) => {
  const [result, subscribe] = createSubscription({ query, variables: {}, note })
  createEffect(() => result.error && announceMiss())
  createEffect(() => {
    if (result.fetching) return
    const timer = setTimeout(subscribe, pause)
    onCleanup(() => clearTimeout(timer))
  })
}

/** Keeps all pages up to date, for as long as the page is open: with whatever changes, and the queue. */
export const watchChanges = () => {
  createEndlessSubscription(QueueChangedDocument)
  // The last: the server begins what it is sent in that order, so with the first answer to this it watches for both.
  createEndlessSubscription(ChangesDocument, ({ changes }) => {
    if (changes === null) noteWatch()
  })
  const timer = setTimeout(stopWaiting, patience)
  onCleanup(() => clearTimeout(timer))
}
