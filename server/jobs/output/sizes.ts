import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../database/client.ts'
import { type OutputSum, sumOutputSizes } from '../../database/sql.ts'

/** Tasks that are added up before others have their turn; it takes some milliseconds. */
const batchSize = 5_000

/** What all output takes in the records. */
export interface OutputSizes {
  /** In bytes. */
  readonly total: bigint
  /** The id of the oldest task that has output; null where none has. */
  readonly firstId: string | null
}

/** Adds up the sizes of all output. Takes a second for a million tasks, in which others have their turns. */
export const outputSizes = async (db: Database): Promise<OutputSizes> => {
  let total = 0n
  let firstId: string | null = null
  for (let after: string | null = ''; after !== null; ) {
    const sum: OutputSum = await sumOutputSizes(db, after, batchSize)
    total += sum.size
    firstId ??= sum.firstId
    after = sum.lastId
    await setImmediate()
  }
  return { total, firstId }
}
