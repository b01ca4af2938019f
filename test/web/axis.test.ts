import { expect, test } from 'vitest'
import { momentSpace, momentSteps, sayMoments, spanOf } from '../../web/src/pages/plans/axis.ts'

const noon = new Date(2026, 2, 1, 12).getTime() / 1000
const every = (step: number) => sayMoments([noon, noon + step, noon + 2 * step], step)

test('should say moments as exactly as they are apart, and never to the second', () => {
  expect(every(86_400)).toEqual(['Mar 1', 'Mar 2', 'Mar 3'])
  expect(every(600)).toEqual(['12:00', '12:10', '12:20'])
  expect(every(43_200)).toEqual(['12:00', 'Mar 2', '12:00'])
  for (const step of momentSteps) expect(every(step)).not.toContain('')
})

test('should say no moment twice in a row', () => {
  expect(sayMoments([noon, noon + 30, noon + 60], 30)).toEqual(['12:00', '', '12:01'])
})

test('should leave room for a few moments only', () => {
  expect(1200 / momentSpace(1200)).toBe(6)
  expect(240 / momentSpace(240)).toBe(3)
})

test('should span an hour at least, with what there is in the middle', () => {
  expect(spanOf(noon, noon)).toEqual([noon - 1800, noon + 1800])
  expect(spanOf(noon, noon + 60)).toEqual([noon - 1770, noon + 1830])
  expect(spanOf(noon, noon + 7200)).toEqual([noon, noon + 7200])
})
