import { QueueChangedDocument, QueueDocument } from '../api/gql/graphql.ts'
import { createEndlessSubscription, createLiveQuery } from '../api/live-query.ts'

/** The queue of jobs as it is now; undefined until it is known. */
export const createQueue = () => {
  const [result] = createLiveQuery({ query: QueueDocument })
  return () => result.data?.queue
}

/** Keeps the queue up to date, for as long as the page is open. */
export const watchQueue = () => createEndlessSubscription(QueueChangedDocument)
