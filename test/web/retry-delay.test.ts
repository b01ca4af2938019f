import { expect, test } from 'vitest'
import { retryDelay } from '../../web/src/api/retry-delay.ts'

test('should double up to five seconds and stay there', () => {
  expect([0, 1, 2, 3, 4, 5, 1000].map((retries) => retryDelay(retries, 0))).toEqual([
    250, 500, 1000, 2000, 4000, 5000, 5000,
  ])
})

test('should double up to what it is told', () => {
  expect([6, 7, 1000].map((retries) => retryDelay(retries, 0, 30_000))).toEqual([16_000, 30_000, 30_000])
})

test('should take off up to a half', () => {
  expect(retryDelay(2, 0.5)).toBe(750)
  expect(retryDelay(2, 1)).toBe(500)
})
