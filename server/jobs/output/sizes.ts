import { setImmediate } from 'node:timers/promises'
import type { Database } from '../../database/client.ts'

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
    const [sums]: { last: string | null; total: bigint | number | null; first: string | null }[] = await db.$queryRaw`
      SELECT MAX("id") AS "last", SUM("outputSize") AS "total", MIN(CASE WHEN "outputSize" > 0 THEN "id" END) AS "first"
      FROM (SELECT "id", "outputSize" FROM "Task" WHERE "id" > ${after} ORDER BY "id" LIMIT ${batchSize}) AS task`
    total += BigInt(sums?.total ?? 0)
    firstId ??= sums?.first ?? null
    after = sums?.last ?? null
    await setImmediate()
  }
  return { total, firstId }
}
