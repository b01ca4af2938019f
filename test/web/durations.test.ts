import { expect, test } from 'vitest'
import { splitDuration } from '../../web/src/text/durations.ts'

test('should say seconds in the largest unit that divides them', () => {
  expect(splitDuration(5400)).toEqual({ amount: 90, unit: 'minutes' })
  expect(splitDuration(7200)).toEqual({ amount: 2, unit: 'hours' })
  expect(splitDuration(86_400)).toEqual({ amount: 1, unit: 'days' })
  expect(splitDuration(61)).toEqual({ amount: 61, unit: 'seconds' })
  expect(splitDuration(0)).toEqual({ amount: 0, unit: 'seconds' })
})
