import { expect, test } from 'vitest'
import type { ScheduleRowFragment } from '../../web/src/api/gql/graphql.ts'
import { draftOf, inputOf, newDraft } from '../../web/src/pages/schedules/draft.ts'
import { isSkippedSince, sayJitter, sayLimit, sayWindow } from '../../web/src/pages/schedules/schedule-words.ts'

const schedule: ScheduleRowFragment = {
  id: 'U2NoZWR1bGU6MQ==',
  name: 'nightly',
  action: 'BACKUP',
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  text: 'At 02:30',
  isEnabled: false,
  window: { from: '22:00', to: '24:00', weekdays: [1, 2] },
  jitter: 90,
  maxDuration: 7200,
  missedRunPolicy: 'SKIP',
  overlapPolicy: 'QUEUE',
  nextRunAt: null,
  lastScheduledFor: null,
  plan: { id: 'plan', name: 'photos' },
  repository: { id: 'repository', name: 'family' },
} as ScheduleRowFragment

test('should send what it was given where nothing was changed', () => {
  expect(inputOf(draftOf(schedule))).toEqual({
    name: 'nightly',
    action: 'BACKUP',
    planId: 'plan',
    repositoryId: null,
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    isEnabled: false,
    window: { from: '22:00', to: '24:00', weekdays: [1, 2] },
    jitter: 90,
    maxDuration: 7200,
    missedRunPolicy: 'SKIP',
    overlapPolicy: 'QUEUE',
  })
})

test('should ask for what the link names', () => {
  expect(inputOf(newDraft({ plan: 'p', timeZone: 'UTC' }))).toMatchObject({ action: 'BACKUP', planId: 'p' })
  const refresh = inputOf(newDraft({ repository: 'r', timeZone: 'UTC' }))
  expect(refresh).toMatchObject({ action: 'REFRESH_ARCHIVES', planId: null, repositoryId: 'r', window: null })
})

test('should take every day for no choice of days', () => {
  const draft = { ...newDraft({ timeZone: 'UTC' }), hasWindow: true }
  expect(inputOf(draft).window).toEqual({ from: '22:00', to: '06:00', weekdays: null })
  expect(inputOf({ ...draft, weekdays: [5, 0] }).window?.weekdays).toEqual([0, 5])
})

test('should take an empty field for no delay and for no limit', () => {
  expect(inputOf(newDraft({ timeZone: 'UTC' }))).toMatchObject({ jitter: 0, maxDuration: null })
  expect(draftOf({ ...schedule, jitter: 0, maxDuration: null })).toMatchObject({ jitter: null, maxDuration: null })
})

test('should put the rules into words', () => {
  expect(sayWindow(null)).toBe('At any time')
  expect(sayWindow({ from: '22:00', to: '06:00', weekdays: null })).toBe('22:00 to 06:00')
  expect(sayWindow({ from: '22:00', to: '06:00', weekdays: [0, 1] })).toBe('22:00 to 06:00, Mon, Sun')
  expect([sayJitter(0), sayJitter(600)]).toEqual(['On time', 'Up to 10 min late'])
  expect([sayLimit(null), sayLimit(7200)]).toEqual(['No limit', '2 h'])
})

test.each([
  [null, null, false],
  ['2026-11-23T02:00:00.000Z', null, false],
  [null, '2026-11-23T02:00:00.000Z', true],
  ['2026-11-22T02:00:00.000Z', '2026-11-23T02:00:00.000Z', true],
  ['2026-11-24T02:00:00.000Z', '2026-11-23T02:00:00.000Z', false],
])('should warn of a run that was left out until the next one: %s, %s', (lastScheduledFor, lastSkippedFor, warns) => {
  expect(isSkippedSince({ lastScheduledFor, lastSkippedFor })).toBe(warns)
})
