import type { Exchange } from '@urql/core'
import { map, pipe } from 'wonka'

/** So many answers are kept. */
const most = 100

/**
 * Keeps the last good answer to each query. One that cannot be read anew has that answer beside its error, so that what
 * is on a page stays there.
 */
export const keepAnswers: Exchange = ({ forward }) => {
  /** By key of a query, the one that came last at the end. */
  const answers = new Map<number, unknown>()
  return (operations) =>
    pipe(
      forward(operations),
      map((result) => {
        const { key, kind } = result.operation
        if (kind !== 'query') return result
        if (result.error) return answers.has(key) ? { ...result, data: answers.get(key) } : result
        if (!result.data) return result
        answers.delete(key)
        answers.set(key, result.data)
        const [oldest] = answers.keys()
        if (answers.size > most && oldest !== undefined) answers.delete(oldest)
        return result
      }),
    )
}
