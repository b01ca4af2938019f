import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../../server/database/client.ts'
import { createEvents, type Events } from '../../../../server/events.ts'
import { createOutputs, followOutput, type Outputs } from '../../../../server/jobs/output/output.ts'
import { readOutput } from '../../../../server/jobs/output/page.ts'
import { openRecords } from '../../../support/records.ts'
import { createTask } from '../engine/task.ts'

let db: Database
let events: Events
let outputs: Outputs
let taskId: string

beforeEach(async () => {
  db = await openRecords()
  events = createEvents()
  outputs = createOutputs({ db, events })
  taskId = (await createTask(db)).taskId
})

/** Lines of many lengths, 300 bytes on average, some of them empty or beyond ASCII. */
const linesFrom = (start: number, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const number = start + index
    return number % 7 === 0 ? '' : `${number} – ${'ü'.repeat((number * 37) % 600)}`
  })

const write = async (count: number) => {
  const writer = outputs.open(taskId)
  const lines = linesFrom(0, count)
  for (let at = 0; at < count; at += 97) await writer.append(lines.slice(at, at + 97))
  return { writer, lines }
}

/** The task has ended, as the runner writes it down. */
const finishTask = async () => {
  await db.task.update({ where: { id: taskId }, data: { finishedAt: new Date() } })
  events.publish('task:output', taskId)
}

const follow = (after: number) => followOutput({ db, events, outputs }, taskId, after)

const collect = async (pages: ReturnType<typeof follow>): Promise<string[]> => {
  const lines: string[] = []
  for await (const page of await pages) lines.push(...page.lines)
  return lines
}

describe('outputs', () => {
  test('keep every line in compressed chunks, and read it back after any cursor', async () => {
    const { writer, lines } = await write(2000)
    expect(writer.lineCount).toBe(2000)
    await writer.close()
    const chunks = await db.outputChunk.findMany({ where: { taskId }, orderBy: { first: 'asc' } })
    expect(chunks.length).toBeGreaterThan(2)
    expect(chunks.every(({ compressed }) => compressed)).toBe(true)
    let next = 0
    for (const { first, lineCount } of chunks) {
      expect(first).toBe(next)
      next += lineCount
    }
    expect(next).toBe(2000)

    const borders = chunks.flatMap(({ first }) => [first - 1, first, first + 1])
    for (const after of [0, 1, 1999, ...borders].filter((cursor) => cursor >= 0)) {
      const page = await readOutput(outputs, taskId, { after, first: 5 })
      expect(page).toEqual({ cursor: Math.min(after + 5, 2000), lines: lines.slice(after, after + 5) })
    }
    expect(await readOutput(outputs, taskId, { after: 0, first: 10_000 })).toEqual({ cursor: 2000, lines })
    expect(await readOutput(outputs, taskId, { after: 2000, first: 5 })).toEqual({ cursor: 2000, lines: [] })
    expect(await readOutput(outputs, taskId, { after: 5000, first: 5 })).toEqual({ cursor: 5000, lines: [] })
  })

  test('are readable while they are written, saved or not', async () => {
    const { writer, lines } = await write(1000)
    expect(await readOutput(outputs, taskId, { after: 0, first: 10_000 })).toEqual({ cursor: 1000, lines })
    await writer.save()
    await writer.append(['one more'])
    expect(await readOutput(outputs, taskId, { after: 998, first: 10 })).toEqual({
      cursor: 1001,
      lines: [...lines.slice(998), 'one more'],
    })
    await writer.close()
    expect(await readOutput(outputs, taskId, { after: 0, first: 10_000 })).toEqual({
      cursor: 1001,
      lines: [...lines, 'one more'],
    })
  })

  test('hold after a crash what was saved', async () => {
    const { writer, lines } = await write(1000)
    await writer.save()
    await writer.append(['lost'])
    const afterCrash = createOutputs({ db, events: createEvents() })
    expect(await readOutput(afterCrash, taskId, { after: 0, first: 10_000 })).toEqual({ cursor: 1000, lines })
  })

  test('tell how much they take in the records, however often they were saved', async () => {
    const stored = async () => {
      const [chunks, task] = await Promise.all([
        db.outputChunk.findMany({ where: { taskId }, select: { data: true } }),
        db.task.findUniqueOrThrow({ where: { id: taskId } }),
      ])
      expect(task.outputSize).toBe(BigInt(chunks.reduce((sum, { data }) => sum + data.length, 0)))
      return Number(task.outputSize)
    }
    const writer = outputs.open(taskId)
    const lines = linesFrom(0, 1000)
    for (let at = 0; at < 1000; at += 100) {
      await writer.append(lines.slice(at, at + 100))
      await writer.save()
      expect(await stored()).toBeGreaterThan(0)
    }
    const saved = await stored()
    await writer.close()
    expect(await stored()).toBeLessThan(saved)
  })

  test('go on after the lines of an earlier try', async () => {
    const { writer, lines } = await write(700)
    await writer.close()
    const next = outputs.open(taskId, writer.lineCount)
    await next.append(['once more'])
    expect(next.lineCount).toBe(701)
    const all = { cursor: 701, lines: [...lines, 'once more'] }
    expect(await readOutput(outputs, taskId, { after: 0, first: 10_000 })).toEqual(all)
    await next.close()
    expect(await readOutput(outputs, taskId, { after: 0, first: 10_000 })).toEqual(all)
  })

  test('are nothing where a task printed nothing', async () => {
    await outputs.open(taskId).close()
    expect(await db.outputChunk.count()).toBe(0)
    expect(await outputs.read(taskId, 0, 10)).toEqual({ cursor: 0, lines: [] })
  })

  test('take a line that is larger than a chunk', async () => {
    const writer = outputs.open(taskId)
    const lines = ['before', 'x'.repeat(500_000), 'after']
    await writer.append(lines)
    await writer.close()
    expect(await readOutput(outputs, taskId, { after: 0, first: 10 })).toEqual({ cursor: 3, lines })
  })
})

describe('followOutput', () => {
  test.each([0, 1, 96, 97, 437, 1999])(
    'yields every line after %i once, from the records and live, and ends',
    async (after) => {
      const writer = outputs.open(taskId)
      const lines = linesFrom(0, 2000)
      await writer.append(lines.slice(0, 500))
      await writer.save()
      const followed = collect(follow(after))
      for (let at = 500; at < 2000; at += 50) {
        await writer.append(lines.slice(at, at + 50))
        if (at % 200 === 0) await writer.save()
        else await new Promise(setImmediate)
      }
      await writer.close()
      await finishTask()
      expect(await followed).toEqual(lines.slice(after))
    },
  )

  test('gives a reader that comes and goes every line once', async () => {
    const writer = outputs.open(taskId)
    const lines = linesFrom(0, 3000)
    const writing = (async () => {
      for (let at = 0; at < 3000; at += 30) {
        await writer.append(lines.slice(at, at + 30))
        await new Promise(setImmediate)
      }
      await writer.close()
      await finishTask()
    })()
    const received: string[] = []
    let cursor = 0
    let hasEnded = false
    while (!hasEnded) {
      hasEnded = true
      for await (const page of await follow(cursor)) {
        received.push(...page.lines)
        cursor = page.cursor
        expect(cursor).toBe(received.length)
        if (cursor % 3 !== 0) continue
        hasEnded = false
        break
      }
    }
    await writing
    expect(received).toEqual(lines)
  })

  test('gives a slow reader every line', async () => {
    const followed = follow(0)
    const { writer, lines } = await write(3000)
    await writer.close()
    await finishTask()
    expect(await collect(followed)).toEqual(lines)
  })

  test('waits while the task has not ended, and ends at once when its reader leaves', async () => {
    const writer = outputs.open(taskId)
    await writer.append(['one'])
    const followed = await follow(0)
    expect(await followed.next()).toEqual({ done: false, value: { cursor: 1, lines: ['one'] } })
    const waiting = followed.next()
    await writer.append(['two'])
    expect(await waiting).toEqual({ done: false, value: { cursor: 2, lines: ['two'] } })
    const left = followed.next()
    await followed.return?.()
    expect(await left).toEqual({ done: true, value: undefined })
    await writer.close()
  })

  test('waits for a task that has not begun, and ends for one that is not there', async () => {
    const early = collect(follow(0))
    const { writer, lines } = await write(10)
    await writer.close()
    await finishTask()
    expect(await early).toEqual(lines)
    expect(await collect(followOutput({ db, events, outputs }, 'no-such-task', 0))).toEqual([])
  })
})
