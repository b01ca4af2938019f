import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../../server/database/client.ts'
import { createEvents, type Events } from '../../../../server/events.ts'
import { createOutputs, type Outputs } from '../../../../server/jobs/output/output.ts'
import { mostFileProblems, openJournal } from '../../../../server/jobs/output/progress-journal.ts'
import { createPersistence } from '../../../../server/jobs/records/retried-writes.ts'
import { openRecords } from '../../../support/records.ts'
import { waitFor } from '../../../support/wait-for.ts'
import { createTask } from '../engine/task.ts'

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
    const changes = await events.watch('job:changed', ids.jobId)
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
    const changes = await events.watch('job:changed', ids.jobId)
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

  test('keeps the first ten thousand, counts all, and lets others work meanwhile', async () => {
    const journal = open()
    for (let i = 0; i < 100_000; i++) journal.fileProblem({ path: `/${i}`, message: 'unreadable' })
    expect(journal.fileProblemCount).toBe(100_000)
    let turns = 0
    let isOver = false
    const end = journal.close().finally(() => {
      isOver = true
    })
    while (!isOver) {
      turns += 1
      await new Promise(setImmediate)
    }
    await end
    expect(turns).toBeGreaterThan(20)
    expect(await db.fileProblem.count()).toBe(mostFileProblems)
    expect(await db.task.findUnique({ where: { id: ids.taskId } })).toMatchObject({ fileProblemCount: 100_000 })
  })

  test('writes nothing when it was told nothing', async () => {
    const before = await task()
    await open().close()
    expect(await task()).toEqual(before)
  })

  test('counts only lines that are stored: no other would be there after a kill', async () => {
    const changes = await events.watch('job:changed', ids.jobId)
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

describe('a journal whose records cannot be written for a while', () => {
  /** Persistence whose first failure, and whose end of it, can be waited for. */
  const arrange = () => {
    const [failing, writing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const log = pino(
      { base: undefined },
      {
        write(line: string) {
          if (line.includes('cannot be written; trying again')) failing.resolve()
          if (line.includes('can be written again')) writing.resolve()
        },
      },
    )
    const persistence = createPersistence({ log })
    const journal = openJournal({ db, events, outputs, persist: persistence.for({}) }, ids)
    return { journal, persistence, failing: failing.promise, writing: writing.promise }
  }

  /** Has SQLite find the disk full, as far as this connection knows. */
  const fillDisk = () => db.$queryRaw`PRAGMA max_page_count = 1`
  const makeRoom = () => db.$queryRaw`PRAGMA max_page_count = 1000000`

  const randomLines = (count: number) => Array.from({ length: count }, () => randomBytes(100).toString('base64'))

  test('writes all of it as soon as they can be, and what is newest last', async () => {
    const { journal, failing } = arrange()
    await journal.output(['first'])
    journal.progress({ fileCount: 1, currentPath: '/first' })
    await fillDisk()
    // More than fits into what is left of the pages that there are.
    for (let count = 0; count < 500; count++) journal.fileProblem({ path: `/${count}`, message: 'x'.repeat(200) })
    await failing
    journal.progress({ fileCount: 2 })
    journal.fileProblem({ path: '/500', message: 'unreadable' })
    await makeRoom()
    await journal.close()

    const { fileProblems, ...columns } = await task()
    expect(columns).toMatchObject({ fileCount: 2, currentPath: '/first', lineCount: 1, fileProblemCount: 501 })
    expect(fileProblems.map(({ path, position }) => [path, position])).toEqual(
      Array.from({ length: 501 }, (_, index) => [`/${index}`, index]),
    )
  })

  test('has whoever prints wait, keeps no more than one chunk meanwhile, and loses no line', async () => {
    const { journal, failing, writing } = arrange()
    await fillDisk()
    const lines = randomLines(4000)
    let isKept = false
    const keeping = journal.output(lines).then(() => {
      isKept = true
    })
    await failing
    const readable = await outputs.read(ids.taskId, 0, 10_000)
    expect(isKept).toBe(false)
    expect(readable.lines.join('\n').length).toBeLessThan(200 * 1024)
    expect(lines.slice(0, readable.cursor)).toEqual(readable.lines)

    await makeRoom()
    await Promise.all([keeping, writing])
    await journal.close()
    const kept: string[] = []
    while (kept.length < lines.length) kept.push(...(await outputs.read(ids.taskId, kept.length, 10_000)).lines)
    expect(kept).toEqual(lines)
    expect(await task()).toMatchObject({ lineCount: lines.length })
  })

  test('waits with its end until they can be, but not for longer than the server is there', async () => {
    const { journal, persistence, failing } = arrange()
    await fillDisk()
    for (let count = 0; count < 500; count++) journal.fileProblem({ path: `/${count}`, message: 'x'.repeat(200) })
    const closing = expect(journal.close()).rejects.toThrow('SQLITE_FULL')
    await failing
    persistence.stop()
    await closing
    expect(outputs.isOpen(ids.taskId)).toBe(false)
    await makeRoom()
    expect(await task()).toMatchObject({ fileProblemCount: 0, fileProblems: [] })
  })
})
