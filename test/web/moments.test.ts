import { expect, test } from 'vitest'
import { sayClock, sayElsewhere } from '../../web/src/pages/schedules/moments.ts'

const run = { scheduledFor: '2026-11-24T06:15:00.000Z', at: '2026-11-24T06:20:00.000Z' }

test('should tell both times of a late run by the clock of its schedule', () => {
  const words = sayElsewhere(run, 'Asia/Kathmandu', 'Europe/Berlin')
  expect(words).toContain('in Asia/Kathmandu, 5 min after')
  expect(words.endsWith(sayClock(run.scheduledFor, 'Asia/Kathmandu'))).toBe(true)
  expect(words).not.toContain(sayClock(run.scheduledFor, 'Europe/Berlin'))
})

test('should tell only what the moment itself does not', () => {
  expect(sayElsewhere(run, 'UTC', 'UTC')).toBe(`5 min after ${sayClock(run.scheduledFor, 'UTC')}`)
  expect(sayElsewhere({ ...run, at: run.scheduledFor }, 'UTC', 'UTC')).toBe('')
})
