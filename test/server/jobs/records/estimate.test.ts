import { describe, expect, test } from 'vitest'
import { percentDone, secondsLeft } from '../../../../server/jobs/records/estimate.ts'
import { createRateMeter } from '../../../../server/jobs/tasks/transfer-rate.ts'

const figures = {
  percent: null,
  originalSize: 250n,
  expectedOriginalSize: 1000n,
  bytesPerSecond: 100n,
  finishedAt: null,
}

describe('percentDone', () => {
  test('is what was read of what is expected, with one decimal', () => {
    expect(percentDone(figures)).toBe(25)
    expect(percentDone({ ...figures, originalSize: 0n })).toBe(0)
    expect(percentDone({ ...figures, originalSize: 333n })).toBe(33.3)
  })

  test('is what borg says, where it does', () => {
    expect(percentDone({ ...figures, percent: 61.1 })).toBe(61.1)
    expect(percentDone({ ...figures, percent: 61.1, finishedAt: new Date() })).toBeNull()
  })

  test('is never more than 99 before the end', () => {
    expect(percentDone({ ...figures, originalSize: 1000n })).toBe(99)
    expect(percentDone({ ...figures, originalSize: 5000n })).toBe(99)
  })

  test('is unknown without an expectation, before the first figure and after the end', () => {
    expect(percentDone({ ...figures, expectedOriginalSize: null })).toBeNull()
    expect(percentDone({ ...figures, expectedOriginalSize: 0n })).toBeNull()
    expect(percentDone({ ...figures, originalSize: null })).toBeNull()
    expect(percentDone({ ...figures, finishedAt: new Date() })).toBeNull()
  })
})

describe('secondsLeft', () => {
  test('is what is left at the rate of late, rounded up', () => {
    expect(secondsLeft(figures)).toBe(8)
    expect(secondsLeft({ ...figures, originalSize: 1000n })).toBe(0)
  })

  test('is unknown without a rate or an expectation, beyond the expectation and after the end', () => {
    expect(secondsLeft({ ...figures, bytesPerSecond: 0n })).toBeNull()
    expect(secondsLeft({ ...figures, bytesPerSecond: null })).toBeNull()
    expect(secondsLeft({ ...figures, expectedOriginalSize: null })).toBeNull()
    expect(secondsLeft({ ...figures, originalSize: 1001n })).toBeNull()
    expect(secondsLeft({ ...figures, finishedAt: new Date() })).toBeNull()
  })
})

describe('createRateMeter', () => {
  test('gives bytes a second, once half a second was seen', () => {
    const measure = createRateMeter()
    expect(measure(0, 0)).toBeNull()
    expect(measure(400, 400)).toBeNull()
    expect(measure(1000, 1000)).toBe(1000)
  })

  test('forgets what is older than its window', () => {
    const measure = createRateMeter(1000)
    let last: number | null = null
    for (let time = 0; time <= 10_000; time += 100) last = measure(time * 100, time)
    expect(last).toBe(100_000)
    for (let time = 10_100; time <= 13_000; time += 100) last = measure(1_000_000, time)
    expect(last).toBe(0)
  })

  test('is never negative', () => {
    const measure = createRateMeter()
    measure(1000, 0)
    expect(measure(0, 1000)).toBe(0)
  })
})
