import { expect, test } from 'vitest'
import { timelineOf } from '../../web/src/pages/jobs/timeline.ts'

const begin = Date.parse('2026-11-23T10:00:00.000Z')
const at = (seconds: number) => new Date(begin + seconds * 1000).toISOString()

type Job = Parameters<typeof timelineOf>[0]

const task = (id: string, startedAt: number | null, finishedAt: number | null, more = {}): Job['tasks'][number] => ({
  id,
  state: finishedAt === null ? (startedAt === null ? 'PENDING' : 'RUNNING') : 'COMPLETED',
  attempt: startedAt === null ? 0 : 1,
  startedAt: startedAt === null ? null : at(startedAt),
  finishedAt: finishedAt === null ? null : at(finishedAt),
  ...more,
})

const job = (tasks: Job['tasks'], finishedAt: number | null, startedAt: number | null = 0): Job => ({
  createdAt: at(0),
  startedAt: startedAt === null ? null : at(startedAt),
  finishedAt: finishedAt === null ? null : at(finishedAt),
  notBefore: null,
  tasks,
})

test('should place every task on one scale from the beginning to the end', () => {
  const { rows, queued, ticks } = timelineOf(job([task('a', 20, 60), task('b', 60, 100)], 100, 20), 0)
  expect(queued).toEqual({ seconds: 20, stretch: { left: 0, width: 20 } })
  expect(rows.map(({ bar }) => bar)).toEqual([
    { left: 20, width: 40 },
    { left: 60, width: 40 },
  ])
  expect(rows.map(({ gap, wait, duration }) => [gap, wait, duration])).toEqual([
    [undefined, 0, 40],
    [undefined, 0, 40],
  ])
  expect(ticks.map(({ seconds }) => seconds)).toEqual([30, 60, 90])
})

test('should show a wait between tasks, and none where the next one begins at once', () => {
  const { rows } = timelineOf(job([task('a', 0, 10), task('b', 10.5, 20), task('c', 60, 100)], 100), 0)
  expect(rows[1]?.gap).toBeUndefined()
  expect(rows[2]).toMatchObject({ gap: { left: 20, width: 40 }, wait: 40, begin: 60 })
})

test('should grow with the clock while a task is at work', () => {
  const running = job([task('a', 0, 10), task('b', 10, null), task('c', null, null)], null)
  expect(timelineOf(running, begin + 20_000).rows[1]?.bar).toEqual({ left: 50, width: 50 })
  const later = timelineOf(running, begin + 100_000)
  expect(later.rows[1]).toMatchObject({ bar: { left: 10, width: 90 }, duration: 90 })
  expect(later.rows[2]).toMatchObject({ bar: undefined, duration: null })
})

test('should show a task that waits for its next try as waiting', () => {
  const waiting = job([task('a', 0, 10), task('b', 10, null, { state: 'QUEUED', attempt: 2 })], null)
  const { rows } = timelineOf(waiting, begin + 100_000)
  expect(rows[1]).toMatchObject({ bar: undefined, gap: { left: 10, width: 90 }, duration: null })
})

test('should leave off the scale a wait beside which the run could not be seen', () => {
  const { from, queued, rows } = timelineOf(job([task('a', 36_000, 36_010)], 36_010, 36_000), 0)
  expect(from).toBe(begin + 36_000_000)
  expect(queued).toEqual({ seconds: 36_000, stretch: undefined })
  expect(rows[0]?.bar).toEqual({ left: 0, width: 100 })
})

test('should keep to the scale where clocks disagree, and where nothing has taken any time', () => {
  const odd = timelineOf(job([task('a', -5, 3), task('b', 8, 40)], 10), 0)
  for (const { bar } of odd.rows) {
    expect(bar?.left).toBeGreaterThanOrEqual(0)
    expect((bar?.left ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100)
  }
  expect(timelineOf(job([task('a', 0, 0)], 0), 0).ticks).toEqual([])
  const unborn = timelineOf(job([task('a', null, null)], null, null), begin - 60_000)
  expect(unborn.queued.seconds).toBe(0)
})

test('should have a few marks, whatever the length', () => {
  for (const seconds of [1, 7, 61, 3_000, 90_000, 2_000_000]) {
    expect(timelineOf(job([task('a', 0, seconds)], seconds), 0).ticks.length).toBeLessThanOrEqual(5)
  }
})
