import { expect, test } from 'vitest'
import { createLines } from '../../web/src/pages/jobs/lines.ts'

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

test('should find text in any case, and only in lines that are there', () => {
  const lines = createLines()
  lines.grow(5)
  lines.put(3, ['A /home/Anna', 'M /etc'])
  lines.put(0, ['anna'])
  expect(lines.search('ANNA')).toEqual([0, 3])
})
