import { expect, test } from 'vitest'
import { findRemoval, isStricter } from '../../web/src/pages/system/history-removal.ts'

const forEver = { days: null, jobs: null, outputBytes: null }
const stored = { jobCount: 1000, storedOutputBytes: 5000, olderJobs: 300 }

test('should count what is over the limits, jobs only once', () => {
  expect(findRemoval(forEver, stored)).toEqual({ jobs: 0, bytes: 0 })
  expect(findRemoval({ ...forEver, days: 10 }, stored)).toEqual({ jobs: 300, bytes: 0 })
  expect(findRemoval({ ...forEver, days: 10, jobs: 600 }, stored)).toEqual({ jobs: 400, bytes: 0 })
  expect(findRemoval({ ...forEver, jobs: 2000, outputBytes: 1000 }, stored)).toEqual({ jobs: 0, bytes: 4000 })
})

test('should know when less is kept than before', () => {
  const limits = { days: 365, jobs: null, outputBytes: 1000 }
  expect(isStricter(limits, limits)).toBe(false)
  expect(isStricter(forEver, limits)).toBe(false)
  expect(isStricter({ ...limits, days: 366 }, limits)).toBe(false)
  expect(isStricter({ ...limits, days: 30 }, limits)).toBe(true)
  expect(isStricter({ ...limits, jobs: 100 }, limits)).toBe(true)
})
