import { QueueDocument } from '../api/gql/graphql.ts'
import { createLiveQuery } from '../api/live-query.ts'

/** Reads the queue once, however many parts of the page show it: the shell keeps it up to date. */
export const createQueueQuery = () => createLiveQuery({ query: QueueDocument, requestPolicy: 'cache-first' })

/** The queue of jobs as it is now; undefined until it is known. */
export const createQueue = () => {
  const [result] = createQueueQuery()
  return () => result.data?.queue
}
