import { afterAll, beforeAll, expect, test } from 'vitest'
import { filterOf, noWishes, sayWishes, startOfDay, stateChoices } from '../../web/src/pages/jobs/job-filter.ts'

let zoneBefore: string | undefined

beforeAll(() => {
  zoneBefore = process.env.TZ
  // Its clocks go forward on 29 March 2026 and back on 25 October 2026.
  process.env.TZ = 'Europe/Berlin'
})

afterAll(() => {
  if (zoneBefore === undefined) delete process.env.TZ
  else process.env.TZ = zoneBefore
})

test('should take days by the clock of the viewer, the last one whole, also when clocks change', () => {
  expect(filterOf({ from: '2026-03-29', to: '2026-03-29' })).toMatchObject({
    createdFrom: '2026-03-28T23:00:00.000Z',
    createdTo: '2026-03-29T22:00:00.000Z',
  })
  expect(filterOf({ from: '2026-10-25', to: '2026-10-25' })).toMatchObject({
    createdFrom: '2026-10-24T22:00:00.000Z',
    createdTo: '2026-10-25T23:00:00.000Z',
  })
})

test('should not take for a day what is none', () => {
  for (const text of ['', 'today', '2026-6-1', '2026-06-31', '2026-13-01', '0202-01-01']) {
    expect(startOfDay(text)).toBeUndefined()
  }
  expect(startOfDay('2024-02-29', 1)?.getDate()).toBe(1)
})

test('should ask for nothing where the address asks for what does not exist', () => {
  const nothing = Object.values(
    filterOf({ state: 'toString', kind: 'constructor', from: 'x', repository: '', plan: 'garbage' }),
  )
  expect(nothing.filter((value) => value !== undefined)).toEqual([])
  expect(Object.values(filterOf(noWishes)).filter((value) => value !== undefined)).toEqual([])
})

test('should know several states by one word, and never that of tasks alone', () => {
  expect(filterOf({ state: 'active' }).states).toEqual(['PENDING', 'QUEUED', 'RUNNING'])
  expect(filterOf({ state: 'waiting' }).states).toEqual(['PENDING', 'QUEUED'])
  expect(filterOf({ state: 'attention' }).states).toContain('INTERRUPTED')
  expect(filterOf({ state: 'FAILED' }).states).toEqual(['FAILED'])
  expect(Object.keys(stateChoices)).not.toContain('SKIPPED')
})

test('should say what is asked for, wish by wish', () => {
  const said = sayWishes(
    { state: 'FAILED', plan: btoa('BackupPlan:1'), to: '2026-11-23' },
    (id) => `plan of ${atob(id)}`,
  )
  expect(said.map(({ name, word, value }) => [name, word, value])).toEqual([
    ['state', 'State', 'Failed'],
    ['plan', 'Plan', 'plan of BackupPlan:1'],
    ['to', 'To', expect.stringContaining('2026')],
  ])
  expect(sayWishes({ state: 'none', kind: 'none', from: 'x', plan: 'garbage' }, () => '')).toEqual([])
})
