import { Client, fetchExchange, mapExchange, subscriptionExchange } from '@urql/core'
import { paths, signInFrom } from '../paths.ts'
import { createCache } from './cache.ts'
import { keepAnswers } from './keep.ts'
import { rereadOvertaken } from './reread.ts'
import { socket } from './socket.ts'

let isLeaving = false

/** Once: several queries fail together when a session ends, and each new start would break off the one before. */
const leaveForSignIn = () => {
  if (isLeaving || location.pathname === paths.signIn || location.pathname === paths.setUp) return
  isLeaving = true
  location.assign(signInFrom(location))
}

const mapUnauthenticated = mapExchange({
  onError: (error) => {
    if (error.graphQLErrors.some(({ extensions }) => extensions.code === 'UNAUTHENTICATED')) leaveForSignIn()
  },
})

const http = {
  url: '/graphql',
  preferGetMethod: false,
  fetchOptions: { headers: { 'x-borgitory': '1' }, credentials: 'same-origin' },
} as const

/** For what is too much to keep in the cache, such as the output of a task. */
export const uncachedClient = new Client({ ...http, exchanges: [mapUnauthenticated, fetchExchange] })

/** The GraphQL client of this tab: HTTP for queries and mutations, the one WebSocket for subscriptions. */
export const client = new Client({
  ...http,
  // Another page, or the server itself, may have changed what the cache holds.
  requestPolicy: 'cache-and-network',
  exchanges: [
    mapUnauthenticated,
    keepAnswers,
    createCache(),
    rereadOvertaken,
    subscriptionExchange({
      forwardSubscription: ({ query, variables, operationName }) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe(
            { query: query ?? '', variables, operationName },
            {
              next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          ),
        }),
      }),
    }),
    fetchExchange,
  ],
})
