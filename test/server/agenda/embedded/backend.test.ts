import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import SQLite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { PrismaClient } from '../../../../prisma/generated/client/client.ts'
import { createEmbeddedBackend } from '../../../../server/agenda/embedded/backend.ts'
import { sqlite } from '../../../../server/database/sqlite.ts'
import { cleanUpAfter } from '../../../support/cleanup.ts'
import { openRecords, recordsFile } from '../../../support/records.ts'
import { describeBackend } from '../describe-backend.ts'
import type { Race } from '../racer.ts'

describeBackend('embedded', async () => createEmbeddedBackend(await openRecords()))

/** Another server, ready to race once it is told to `go`. */
const startRacer = async (file: string) => {
  const child = fork(fileURLToPath(new URL('../racer.ts', import.meta.url)), [file])
  cleanUpAfter(() => {
    child.kill('SIGKILL')
  })
  const message = async () => {
    const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')])
    if (typeof first === 'number' || first === null) throw new Error(`The server ended with status ${first}`)
    return first
  }
  await message()
  const go = (): Promise<Race> => {
    const result = message()
    child.send('go')
    return result
  }
  return { go }
}

describe('two servers on one file', () => {
  it('should never both take an entry, and should keep what is unique and single to one', async () => {
    const file = recordsFile()
    const db = await openRecords(file)
    const { repository } = createEmbeddedBackend(db)
    const count = 600
    for (let made = 0; made < count; made++) {
      const entry = { name: 'take', type: 'normal', priority: 0, nextRunAt: new Date(), data: { made } } as const
      await repository.saveJob(entry, undefined)
    }

    const racers = await Promise.all([startRacer(file), startRacer(file)])
    const races = await Promise.all(racers.map(({ go }) => go()))

    for (const { taken } of races) expect(taken.length).toBeGreaterThan(0)
    const taken = races.flatMap((race) => race.taken)
    expect(taken).toHaveLength(count)
    expect(new Set(taken).size).toBe(count)

    expect(new Set(races.flatMap(({ saved }) => saved)).size).toBe(200)
    expect((await repository.queryJobs({ name: 'unique' })).total).toBe(100)
    expect((await repository.queryJobs({ search: 'single' })).total).toBe(100)
  })
})

describe('looking for the next entry', () => {
  it('should read only what is due and what has lost its lock', async () => {
    const file = recordsFile()
    const db = new PrismaClient({ adapter: sqlite(file), log: [{ emit: 'event', level: 'query' }] })
    cleanUpAfter(() => db.$disconnect())
    const queries: { readonly sql: string; readonly values: unknown[] }[] = []
    db.$on('query', ({ query, params }) => queries.push({ sql: query, values: JSON.parse(params) }))
    const { repository } = createEmbeddedBackend(db)
    await repository.getNextJobToRun('start', new Date(), new Date(), undefined, undefined)
    await repository.getQueueSize()

    const connection = new SQLite(file)
    cleanUpAfter(() => {
      connection.close()
    })
    const plans = queries.map(({ sql, values }) =>
      connection
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map(({ detail }) => detail),
    )
    expect(plans).toHaveLength(2)
    for (const reads of plans.map((plan) => plan.filter((detail) => /AgendaJob/.test(detail)))) {
      expect(reads.length).toBeGreaterThan(0)
      for (const read of reads) expect(read).toMatch(/^SEARCH (main\.)?AgendaJob USING (COVERING )?INDEX /)
    }
    expect(plans[0]).toContainEqual(expect.stringMatching(/name=\? AND disabled=\? AND lockedAt=\? AND nextRunAt<\?/))
    expect(plans[0]).toContainEqual(expect.stringMatching(/name=\? AND disabled=\? AND lockedAt<\?/))
  })
})
