import { expect, test } from 'vitest'
import { endedLast } from '../../web/src/pages/overview/ended.ts'

test('should put first what ended last, whatever was asked for last', () => {
  const job = (id: string, created: number, finished: number) => ({
    id,
    createdAt: new Date(created).toISOString(),
    finishedAt: new Date(finished).toISOString(),
  })
  const jobs = [job('quick', 3, 4), job('middle', 2, 3), job('long', 1, 9)]
  expect(endedLast(jobs, 2).map(({ id }) => id)).toEqual(['long', 'quick'])
})
