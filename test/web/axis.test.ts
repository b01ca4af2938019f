import { expect, test } from 'vitest'
import { sayMoments } from '../../web/src/pages/plans/axis.ts'

const noon = new Date(2026, 2, 1, 12).getTime() / 1000
const every = (step: number) => sayMoments([noon, noon + step, noon + 2 * step], step)

test('should say moments as exactly as they are apart', () => {
  expect(every(86_400)).toEqual(['Mar 1', 'Mar 2', 'Mar 3'])
  expect(every(600)).toEqual(['12:00', '12:10', '12:20'])
  expect(every(5)).toEqual(['12:00:00', '12:00:05', '12:00:10'])
})

test('should say no moment twice in a row', () => {
  expect(every(0.5)).toEqual(['12:00:00', '', '12:00:01'])
})
