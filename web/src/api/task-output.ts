import { uncachedClient } from './client.ts'
import { parse } from './documents.ts'
import {
  OutputPageDocument,
  SearchOutputDocument,
  TaskOutputDocument,
  type TaskOutputSubscription,
} from './gql/graphql.ts'
import { socket } from './socket.ts'

const query = TaskOutputDocument.toString()

interface Watcher {
  /** `after`: how many lines come before the first of these. */
  onLines: (after: number, lines: readonly string[]) => void
  /** The watch broke off for good, and not because the task has ended. */
  onError: () => void
}

/**
 * Hands over every line of a task after the first `after` ones until the task ends; the returned function stops it.
 *
 * Past urql, because after a broken connection the subscription must go on from the last line that came:
 * graphql-ws sends these very variables again then, and they are kept up to date here.
 */
export const watchOutput = (taskId: string, after: number, { onLines, onError }: Watcher) => {
  const variables = { taskId, after }
  return socket.subscribe<TaskOutputSubscription>(
    { query, variables },
    {
      next: ({ data, errors }) => {
        if (!data) return errors && onError()
        const { cursor, lines } = data.taskOutput
        variables.after = cursor
        onLines(cursor - lines.length, lines)
      },
      error: onError,
      complete: () => {},
    },
  )
}

/** How many lines one page of `readOutput` holds at most. */
export const outputPageSize = 1000

/** Reads at most one page of lines after the first `after` ones. Throws where the server does not answer. */
export const readOutput = async (taskId: string, after: number): Promise<readonly string[]> => {
  const { data, error } = await uncachedClient
    .query(parse(OutputPageDocument), { taskId, after, first: outputPageSize })
    .toPromise()
  if (error) throw error
  return data?.node?.__typename === 'Task' ? (data.node.output?.lines ?? []) : []
}

export interface Findings {
  /** The lines with the text, from 0. */
  readonly lines: readonly number[]
  /** How many lines were looked through: the `after` that goes on. */
  readonly cursor: number
  /** Whether these were all that there are. */
  readonly isComplete: boolean
}

/** How many lines one search finds at most. */
const mostFindings = 500

/** Has the server look for a text in the lines after the first `after` ones. Throws where it does not answer. */
export const searchOutput = async (taskId: string, text: string, after: number): Promise<Findings> => {
  const { data, error } = await uncachedClient
    .query(parse(SearchOutputDocument), { taskId, text, after, first: mostFindings })
    .toPromise()
  if (error) throw error
  const found = data?.node?.__typename === 'Task' ? data.node.searchOutput : null
  if (!found) return { lines: [], cursor: after, isComplete: true }
  const { matches, cursor, isComplete } = found
  return { lines: matches.map(({ line }) => line), cursor, isComplete }
}
