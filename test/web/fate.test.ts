import { expect, test } from 'vitest'
import { sayFate } from '../../web/src/pages/repositories/fate.ts'

const plan = (hooks: number) => ({
  node: { id: 'p', hooks: Array.from({ length: hooks }, (_, index) => ({ id: String(index) })) },
})
const fate = (plans: number, hooks: number[], schedules: number, jobs: number) =>
  sayFate({
    plans: { totalCount: plans, edges: hooks.map(plan) },
    schedules: { totalCount: schedules },
    jobs: { totalCount: jobs },
  })

test('should tell in numbers what goes with a repository, and what stays', () => {
  expect(fate(2, [1, 2], 1, 1200)).toEqual([
    '2 plans go with it.',
    '3 hooks go with it, with the values of their variables.',
    '1 schedule goes with it: nothing is done here by the clock any more.',
    '1,200 jobs stay.',
  ])
  expect(fate(1, [1], 0, 1)).toEqual([
    '1 plan goes with it.',
    '1 hook goes with it, with the values of its variables.',
    'It has no schedule.',
    '1 job stays.',
  ])
})

test('should tell that nothing goes with it', () => {
  expect(fate(0, [], 0, 0)).toEqual(['It has no plan.', 'It has no schedule.', 'It has no job.'])
  expect(fate(1, [0], 0, 0)).toContain('They have no hook.')
})

test('should not claim to have counted the hooks of plans that were not read', () => {
  expect(fate(201, [1], 0, 0)[1]).toBe('At least 1 hook goes with it, with the values of its variables.')
})
