import { expect, test } from 'vitest'
import { gatherTime } from '../../../server/process/gather.ts'

/** The longest wait, and the most lines that waited, for a program that prints so many lines a millisecond. */
const watch = (rate: number) => {
  let time = 0
  const waits: number[] = []
  const counts: number[] = []
  let rest = 0
  for (let reading = 0; reading < 200; reading++) {
    // A reading itself takes a moment as well.
    rest += rate * (time + 0.3)
    const lines = Math.floor(rest)
    rest -= lines
    time = gatherTime(lines, time)
    waits.push(time)
    counts.push(lines)
  }
  return { longest: Math.max(...waits), most: Math.max(...counts.slice(20)), last: waits.at(-1) ?? 0 }
}

test('lines that come one by one are read soon, and those that come by the hundred together', () => {
  expect(watch(0.001).longest).toBe(15)
  expect(watch(0.1).longest).toBe(15)
  expect(watch(2)).toMatchObject({ longest: 40, last: 40 })
})

test.each([3, 10, 30, 60, 100])('a program that prints %i lines a millisecond never has to wait', (rate) => {
  expect(watch(rate).most).toBeLessThan(170)
})

test('what is more than fits is read at once, until it is less again', () => {
  expect(gatherTime(1000, 40)).toBeLessThanOrEqual(1)
  expect(gatherTime(1000, 1)).toBe(0)
  expect(gatherTime(1, 0)).toBe(1)
})
