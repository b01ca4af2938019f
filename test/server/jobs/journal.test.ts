import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../server/database/client.ts'
import { createEvents, type Events } from '../../../server/events.ts'
import { openJournal } from '../../../server/jobs/journal.ts'
import { createOutputs, type Outputs } from '../../../server/jobs/output.ts'
import { openRecords } from '../../support/records.ts'
import { waitFor } from '../../support/wait-for.ts'
import { createTask } from './task.ts'

let db: Database
let events: Events
let outputs: Outputs
let ids: { jobId: string; taskId: string }

beforeEach(async () => {
  db = await openRecords()
  events = createEvents()
  outputs = createOutputs({ db, events })
  ids = await createTask(db)
})

const open = () => openJournal({ db, events, outputs }, ids)
const task = () => db.task.findUniqueOrThrow({ where: { id: ids.taskId }, include: { fileProblems: true } })

describe('a journal', () => {
  test('writes down what it is told, and announces the job after that', async () => {
    const changes = events.watch('job:changed', ids.jobId)
    const journal = open()
    journal.progress({ currentPath: '/home', fileCount: 3, originalSize: 5_000_000_000n })
    journal.progress({ fileCount: 4 })
    await journal.output(['A /home/a', 'A /home/b'])
    journal.fileProblem({ path: '/home/c', message: 'gone' })
    await waitFor(changes, () => true)
    expect(await task()).toMatchObject({
      currentPath: '/home',
      fileCount: 4,
      originalSize: 5_000_000_000n,
      lineCount: 2,
      fileProblemCount: 1,
      fileProblems: [{ position: 0, path: '/home/c', message: 'gone' }],
    })
    expect(await db.outputChunk.count()).toBe(1)
    await journal.close()
  })

  test('writes at most five times a second, and the last word always', async () => {
    let writes = 0
    const changes = events.watch('job:changed', ids.jobId)
    const counting = (async () => {
      for await (const _ of changes) writes += 1
    })()
    const journal = open()
    const begun = performance.now()
    let count = 0
    while (writes < 3) {
      count += 1
      journal.progress({ fileCount: count })
      await new Promise(setImmediate)
    }
    await journal.close()
    const seconds = (performance.now() - begun) / 1000
    await changes.return?.()
    await counting
    expect(writes).toBeLessThanOrEqual(Math.ceil(seconds * 5) + 1)
    expect(await task()).toMatchObject({ fileCount: count })
  })

  test('keeps file problems in order, and counts them', async () => {
    const journal = open()
    for (let i = 0; i < 500; i++) journal.fileProblem({ path: `/${i}`, message: 'unreadable' })
    expect(journal.fileProblemCount).toBe(500)
    await journal.close()
    const problems = await db.fileProblem.findMany({ orderBy: { position: 'asc' } })
    expect(problems.map(({ path }) => path)).toEqual(Array.from({ length: 500 }, (_, i) => `/${i}`))
    expect(await task()).toMatchObject({ fileProblemCount: 500 })
  })

  test('writes nothing when it was told nothing', async () => {
    const before = await task()
    await open().close()
    expect(await task()).toEqual(before)
  })

  test('counts only lines that are stored: no other would be there after a kill', async () => {
    const changes = events.watch('job:changed', ids.jobId)
    const journal = open()
    for (let round = 1; round <= 4; round++) {
      await journal.output([`line ${round}`])
      journal.progress({ fileCount: round })
      await changes.next()
      const { lineCount, output } = await db.task.findUniqueOrThrow({
        where: { id: ids.taskId },
        include: { output: true },
      })
      expect(lineCount).toBe(output.reduce((sum, chunk) => sum + chunk.lineCount, 0))
    }
    await journal.close()
    expect(await task()).toMatchObject({ lineCount: 4 })
  })

  test('loses what could not be written, and nothing that comes after it in another try', async () => {
    const journal = open()
    await journal.output(['first'])
    await db.$executeRaw`CREATE TRIGGER full BEFORE INSERT ON "OutputChunk" BEGIN SELECT RAISE(ABORT, 'disk is full'); END`
    const large = Array.from({ length: 3000 }, () => 'x'.repeat(100))
    await expect(journal.output(large)).rejects.toThrow(/outputChunk/)
    await expect(journal.close()).rejects.toThrow(/outputChunk/)
    await db.$executeRaw`DROP TRIGGER full`

    const { lineCount } = await task()
    const next = openJournal({ db, events, outputs }, { ...ids, lineCount })
    await next.output(['--- Try 2 of 2 ---', 'it works'])
    await next.close()
    const { lines, cursor } = await outputs.read(ids.taskId, 0, 10)
    expect(lines.slice(-2)).toEqual(['--- Try 2 of 2 ---', 'it works'])
    expect(await task()).toMatchObject({ lineCount: cursor })
  })

  test('throws on the next output what kept it from being written, and when it is closed', async () => {
    const journal = open()
    await db.job.delete({ where: { id: ids.jobId } })
    const writeUntilRefused = async () => {
      for (;;) {
        await journal.output(['a line'])
        await new Promise(setImmediate)
      }
    }
    await expect(writeUntilRefused()).rejects.toThrow(/constraint|not found/i)
    await expect(journal.close()).rejects.toThrow(/constraint|not found/i)
    expect(outputs.isOpen(ids.taskId)).toBe(false)
  })
})
