import { expect, test } from 'vitest'
import { sayCount, sayPercent } from '../../web/src/text/counts.ts'

test('should say counts with the word that fits', () => {
  expect(sayCount(0, 'file')).toBe('0 files')
  expect(sayCount(1, 'file')).toBe('1 file')
  expect(sayCount(12_345, 'file')).toBe('12,345 files')
  expect(sayCount(2, 'repository', 'repositories')).toBe('2 repositories')
})

test('should never say that an estimate is done', () => {
  expect(sayPercent(41.9)).toBe('41%')
  expect(sayPercent(100)).toBe('99%')
  expect(sayPercent(137)).toBe('99%')
  expect(sayPercent(-1)).toBe('0%')
})
