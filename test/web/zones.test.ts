import { expect, test } from 'vitest'
import { listZones } from '../../web/src/pages/schedules/zones.ts'

test('should list zones by their names of today, each once and in order', () => {
  const zones = listZones('Europe/Berlin')
  for (const zone of ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Europe/Kyiv', 'Europe/Berlin']) {
    expect(zones.filter((name) => name === zone)).toEqual([zone])
  }
  expect(zones).toEqual(zones.toSorted())
})

test('should list none that there is not', () => {
  for (const timeZone of listZones('Europe/Berlin')) {
    expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow()
  }
})

test('should keep the name that a schedule has', () => {
  expect(listZones('US/Pacific')).toContain('US/Pacific')
})
