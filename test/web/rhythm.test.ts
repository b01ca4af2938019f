import { expect, test } from 'vitest'
import { rhythmOf } from '../../web/src/pages/overview/rhythm.ts'

type Schedules = NonNullable<Parameters<typeof rhythmOf>[1]>
type Node = Schedules['schedules']['edges'][number]['node']

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour)).toISOString()
const archive = (hour: number) => ({ latestArchive: { id: String(hour), startedAt: at(hour) } })
const schedules = (runs: readonly [Node['action'], string | null][], hasNextPage = false): Schedules => ({
  schedules: {
    pageInfo: { hasNextPage },
    edges: runs.map(([action, nextRunAt], index) => ({
      node: { id: String(index), name: 'nightly', action, nextRunAt, plan: null, repository: null },
    })),
  },
})

test('should tell the newest whole archive of all, and the next run that backs up', () => {
  const next = schedules([
    ['REFRESH_ARCHIVES', at(13)],
    ['BACKUP', at(14)],
    ['BACKUP', at(15)],
  ])
  expect(rhythmOf([archive(3), archive(9), { latestArchive: null }], next)).toEqual({ last: at(9), next: at(14) })
})

test('should tell that there is none', () => {
  expect(rhythmOf([{ latestArchive: null }], schedules([]))).toEqual({ last: null, next: null })
  expect(rhythmOf([], schedules([['BACKUP', null]], true)).next).toBeNull()
})

test('should not tell what it does not know', () => {
  expect(rhythmOf([], undefined).next).toBeUndefined()
  expect(rhythmOf([], schedules([['REFRESH_ARCHIVES', at(13)]], true)).next).toBeUndefined()
})
