import { expect, test } from 'vitest'
import { createLines, windowAround } from '../../web/src/pages/jobs/lines.ts'

const all = (lines: ReturnType<typeof createLines>) =>
  Array.from({ length: lines.count }, (_, index) => lines.at(index))

test('should hold each line once, whatever comes twice or out of order', () => {
  const lines = createLines()
  lines.put(2, ['c', 'd'])
  lines.put(0, ['a', 'b', 'c'])
  lines.put(3, ['d', 'e'])
  expect(all(lines)).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('should know what is missing', () => {
  const lines = createLines()
  lines.grow(10)
  expect(lines.count).toBe(10)
  expect(lines.firstMissing(0, 10)).toBe(0)
  lines.put(0, ['', ''])
  lines.put(4, ['e'])
  expect(lines.firstMissing(0, 10)).toBe(2)
  expect(lines.firstMissing(4, 5)).toBeUndefined()
  expect(lines.firstMissing(9, 100)).toBe(9)
  lines.grow(3)
  expect(lines.count).toBe(10)
})

test('should lay out every line where there are few, and those around one where there are many', () => {
  expect(windowAround(99, 100, 10_000)).toEqual({ from: 0, to: 100 })
  const { from, to } = windowAround(1_200_000, 2_000_000, 10_000)
  expect(to - from).toBe(10_000)
  expect(from).toBeLessThan(1_200_000 - 3000)
  expect(to).toBeGreaterThan(1_200_000 + 3000)
  expect(windowAround(0, 50_000, 10_000)).toEqual({ from: 0, to: 10_000 })
})

test('should lay out the end up to the last line, and not move with each line that comes', () => {
  for (let count = 20_000; count < 23_000; count += 1) {
    const { from, to } = windowAround(count - 1, count, 10_000)
    expect(to).toBe(count)
    expect(from % 1000).toBe(0)
    expect(to - from).toBeGreaterThanOrEqual(9000)
  }
})
