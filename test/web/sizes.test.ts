import { expect, test } from 'vitest'
import { sayBytes, sayRate, sayRatio } from '../../web/src/text/sizes.ts'

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [1536, '1.50 KiB'],
  [10 * 1024, '10.0 KiB'],
  [100 * 1024, '100 KiB'],
  [1023.4 * 1024, '1023 KiB'],
  [1023.6 * 1024, '1.00 MiB'],
  [9.999 * 1024 ** 2, '10.0 MiB'],
  [99.96 * 1024 ** 2, '100 MiB'],
  [12.34 * 1024 ** 3, '12.3 GiB'],
  [2 ** 53 - 1, '8.00 PiB'],
  [-1536, '-1.50 KiB'],
])('should say %d bytes as %s', (bytes, text) => {
  expect(sayBytes(bytes)).toBe(text)
})

test('should say a rate', () => {
  expect(sayRate(12.3 * 1024 ** 2)).toBe('12.3 MiB/s')
})

test('should say a ratio only where it says something', () => {
  expect(sayRatio(123, 10)).toBe('12.3×')
  expect(sayRatio(1_234_000, 1)).toBe('1,234,000×')
  expect(sayRatio(100, 100)).toBeUndefined()
  expect(sayRatio(0, 5)).toBeUndefined()
  expect(sayRatio(5, 0)).toBeUndefined()
})
