import type { Database } from './client.ts'

// All SQL of the records that Prisma does not write: another database may need other words here, and nowhere else.

/** Some tasks that follow each other by their ids. */
export interface OutputSum {
  /** The id of the last of them; null where there is none. */
  readonly lastId: string | null
  /** What their output takes, in bytes. */
  readonly size: bigint
  /** The id of the first of them that has output; null where none has. */
  readonly firstId: string | null
}

/** Adds up the sizes of the output of the tasks after an id, so many at most. */
export const sumOutputSizes = async (db: Database, after: string, most: number): Promise<OutputSum> => {
  const [sums]: { last: string | null; total: bigint | number | null; first: string | null }[] = await db.$queryRaw`
    SELECT MAX("id") AS "last", SUM("outputSize") AS "total", MIN(CASE WHEN "outputSize" > 0 THEN "id" END) AS "first"
    FROM (SELECT "id", "outputSize" FROM "Task" WHERE "id" > ${after} ORDER BY "id" LIMIT ${most}) AS task`
  return { lastId: sums?.last ?? null, size: BigInt(sums?.total ?? 0), firstId: sums?.first ?? null }
}
