import { afterEach, expect, it, vi } from 'vitest'
import { createSchedule, updateSchedule } from '../../../server/schedules/service.ts'
import { createParts, day } from './clock-parts.ts'

afterEach(() => void vi.useRealTimers())

const three = Date.UTC(2026, 5, 15, 3)

/** A schedule that runs at three o’clock, up to six hours late, and was made at a moment of that day. */
const makeAt = async (made: number) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(made)
  const { app, repository } = await createParts()
  const times = { cron: '0 3 * * *', timeZone: 'UTC', jitter: 6 * 3600 }
  const schedule = await createSchedule(app, {
    ...times,
    name: 'nightly',
    action: 'REFRESH_ARCHIVES',
    repositoryId: repository.id,
  })
  const updateAt = (time: number, changes: object) => {
    vi.setSystemTime(time)
    return updateSchedule(app, schedule.id, changes)
  }
  return { schedule, updateAt }
}

it('should run no time before it was made, not even one that its jitter would still let begin', async () => {
  const before = await makeAt(three - 1000)
  const after = await makeAt(three + 1000)
  expect(before.schedule.nextScheduledFor).toEqual(new Date(three))
  expect(after.schedule.nextScheduledFor).toEqual(new Date(three + day))
})

it('should count as made anew with another cron or zone, and when it is enabled, and not with any other change', async () => {
  const { schedule, updateAt } = await makeAt(three - 1000)
  const made = schedule.validFrom
  expect(made).toEqual(new Date(three - 1000))
  expect(await updateAt(three, { name: 'daily', jitter: 5 * 3600 })).toMatchObject({ validFrom: made })
  expect(await updateAt(three + 1, { cron: '0 2 * * *' })).toMatchObject({
    validFrom: new Date(three + 1),
    nextScheduledFor: new Date(three + day - 3_600_000),
  })
  expect(await updateAt(three + 2, { timeZone: 'Europe/Berlin' })).toMatchObject({ validFrom: new Date(three + 2) })
  expect(await updateAt(three + 3, { isEnabled: false })).toMatchObject({ nextRunAt: null })
  expect(await updateAt(three + 4, { isEnabled: true })).toMatchObject({ validFrom: new Date(three + 4) })
})
