import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../../server/database/client.ts'
import { createEvents } from '../../../../server/events.ts'
import { createOutputs, type Outputs } from '../../../../server/jobs/output/output.ts'
import { type OutputMatch, searchOutput } from '../../../../server/jobs/output/search.ts'
import { setUp } from '../../../support/api-client.ts'
import { listen } from '../../../support/app.ts'
import { openRecords } from '../../../support/records.ts'
import { createTask } from '../engine/task.ts'

let db: Database
let outputs: Outputs
let taskId: string

beforeEach(async () => {
  db = await openRecords()
  outputs = createOutputs({ db, events: createEvents() })
  taskId = (await createTask(db)).taskId
})

const write = async (lines: readonly string[]) => {
  const writer = outputs.open(taskId)
  await writer.append(lines)
  return writer
}

const search = (text: string, after = 0, first = 50) => searchOutput(outputs, taskId, { text, after, first })

/** Goes on until there is nothing more, as a page does. */
const searchAll = async (text: string, first: number) => {
  const matches: OutputMatch[] = []
  let calls = 0
  for (let cursor = 0; ; ) {
    const found = await search(text, cursor, first)
    calls += 1
    matches.push(...found.matches)
    cursor = found.cursor
    if (found.isComplete) return { matches, cursor, calls }
  }
}

describe('searchOutput', () => {
  test('should find a text whatever its case, as it is written and not as a pattern', async () => {
    const writer = await write(['/home/Ada/Ünïcode.txt', 'a.b', 'axb', '', 'A.B again'])
    expect(await search('ünÏCODE')).toEqual({
      matches: [{ line: 0, text: '/home/Ada/Ünïcode.txt' }],
      cursor: 5,
      isComplete: true,
    })
    expect((await search('a.b')).matches).toEqual([
      { line: 1, text: 'a.b' },
      { line: 4, text: 'A.B again' },
    ])
    expect((await search('b\na')).matches).toEqual([])
    await writer.close()
    expect((await search('a.b', 2)).matches).toEqual([{ line: 4, text: 'A.B again' }])
  })

  test('should find each line once, page after page, in chunks that are closed, saved and open', async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, line) => `${line} ${line % 13 === 0 ? 'NEEDLE' : 'hay'.repeat(20)}`,
    )
    const writer = await write(lines.slice(0, 9_000))
    await writer.save()
    await writer.append(lines.slice(9_000))
    expect(await db.outputChunk.count({ where: { compressed: true } })).toBeGreaterThan(2)
    const expected = lines.flatMap((text, line) => (line % 13 === 0 ? [{ line, text }] : []))
    for (const first of [1000, 77, 1]) {
      const { matches, cursor } = await searchAll('needle', first)
      expect(matches).toEqual(expected)
      expect(cursor).toBe(10_000)
    }
    await writer.close()
    expect((await searchAll('needle', 77)).matches).toEqual(expected)
  })

  test('should say where to go on once more was printed', async () => {
    const writer = await write(['one', 'two'])
    const { cursor, isComplete } = await search('three')
    expect([cursor, isComplete]).toEqual([2, true])
    await writer.append(['three'])
    expect(await search('three', cursor)).toEqual({
      matches: [{ line: 2, text: 'three' }],
      cursor: 3,
      isComplete: true,
    })
    await writer.close()
  })

  test('should find nothing beyond the end, and nothing where nothing was printed', async () => {
    expect(await search('x')).toEqual({ matches: [], cursor: 0, isComplete: true })
    const writer = await write(['x'])
    await writer.close()
    expect(await search('x', 100)).toEqual({ matches: [], cursor: 100, isComplete: true })
    expect((await search('x', -5)).matches).toEqual([{ line: 0, text: 'x' }])
  })

  test('should give the part of a long line that the text is in', async () => {
    const long = `${'a'.repeat(300_000)}NEEDLE${'😀'.repeat(100_000)}`
    const writer = await write([long, `needle${'b'.repeat(5000)}`, `${'c'.repeat(5000)}needle`])
    const { matches } = await search('needle')
    await writer.close()
    expect(matches.map(({ line }) => line)).toEqual([0, 1, 2])
    for (const { text } of matches) {
      expect(text.length).toBeLessThanOrEqual(2000)
      expect(text.toLowerCase()).toContain('needle')
      expect(text.isWellFormed()).toBe(true)
    }
    expect(matches[0]?.text).toMatch(/^…a+NEEDLE😀+.?…$/u)
    expect(matches[1]?.text).toMatch(/^needleb+…$/)
    expect(matches[2]?.text).toMatch(/^…c+needle$/)
  })

  test.each(['', 'x'.repeat(1001)])(
    'should refuse a text that is empty or longer than 1000 characters',
    async (text) => {
      await expect(search(text)).rejects.toThrow('The text has 1 to 1000 characters.')
    },
  )

  test('should look through a million lines in steps that are bounded, and leave others their turn', async () => {
    const writer = outputs.open(taskId)
    const count = 1_000_000
    for (let at = 0; at < count; at += 10_000) {
      await writer.append(
        Array.from({ length: 10_000 }, (_, index) => {
          const line = at + index
          if (line === count - 1) return 'the Needle'
          return `- /srv/data/projects/${line % 97}/folder with a name/${line}/a file with a longer name than most ${line * 7}.txt`
        }),
      )
    }
    await writer.close()
    let turns = 0
    const turn = setInterval(() => {
      turns += 1
    }, 1)
    const first = await search('NEEDLE')
    const { matches, calls } = await searchAll('NEEDLE', 50)
    clearInterval(turn)
    expect(first).toEqual({ matches: [], cursor: expect.any(Number), isComplete: false })
    expect(first.cursor).toBeGreaterThan(100_000)
    expect(first.cursor).toBeLessThan(600_000)
    expect(matches).toEqual([{ line: count - 1, text: 'the Needle' }])
    expect(calls).toBeLessThan(10)
    expect(turns).toBeGreaterThan(20)
  })
})

test('should be asked by the API, with problems in plain words', async () => {
  const { app, client } = await listen()
  const api = client()
  await setUp(api)
  const { taskId } = await createTask(app.db)
  const writer = app.jobs.outputs.open(taskId)
  await writer.append(['one', 'Two', 'two and a half'])
  await writer.close()
  const ask = (text: string) =>
    api.request<object>(
      'query ($id: ID!, $text: String!) { node(id: $id) { ... on Task { searchOutput(text: $text, after: 1, first: 1) { matches { line text } cursor isComplete } } } }',
      { id: Buffer.from(`Task:${taskId}`).toString('base64'), text },
    )
  expect((await ask('TWO')).data).toEqual({
    node: { searchOutput: { matches: [{ line: 1, text: 'Two' }], cursor: 2, isComplete: false } },
  })
  expect((await ask('')).errors).toMatchObject([
    { message: 'The text has 1 to 1000 characters.', extensions: { code: 'BAD_USER_INPUT' } },
  ])
})
