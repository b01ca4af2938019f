import { expect, it } from 'vitest'
import { createSchedule, updateSchedule } from '../../../server/schedules/service.ts'
import { createApp } from '../../support/app.ts'
import { addRepository } from '../../support/engine.ts'

it('should keep each of two changes that come at once, and run at the time that they make together', async () => {
  const { app } = await createApp()
  const [repository, other] = [await addRepository(app), await addRepository(app)]
  for (let round = 0; round < 10; round += 1) {
    const { id } = await createSchedule(app, {
      name: `schedule ${round}`,
      action: 'REFRESH_ARCHIVES',
      repositoryId: repository.id,
      cron: '0 3 * * *',
      timeZone: 'UTC',
    })
    await Promise.all([
      updateSchedule(app, id, { cron: '0 15 * * *', repositoryId: other.id }),
      updateSchedule(app, id, { timeZone: 'Asia/Tokyo', name: `renamed ${round}` }),
    ])
    const { nextRunAt, ...schedule } = await app.db.schedule.findUniqueOrThrow({ where: { id } })
    expect(schedule).toMatchObject({ cron: '0 15 * * *', timeZone: 'Asia/Tokyo', repositoryId: other.id })
    expect(nextRunAt?.getUTCHours()).toBe(6)
  }
})
