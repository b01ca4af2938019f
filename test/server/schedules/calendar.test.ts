import { expect, it } from 'vitest'
import { readCalendar } from '../../../server/schedules/calendar.ts'
import { setUp } from '../../support/api-client.ts'
import { listen } from '../../support/app.ts'
import { addRepository } from '../../support/engine.ts'

const hour = 3_600_000

it('should leave out a schedule whose time zone is known no more, and hide no other for it', async () => {
  const { app, client } = await listen()
  const { db } = app
  const { id: repositoryId } = await addRepository(app)
  const now = Date.now()
  // Half a day away, so that only the runs that are written here are in the hours that are asked for.
  const cronHour = new Date(now + 12 * hour).getUTCHours()
  const text = `At ${String(cronHour).padStart(2, '0')}:00`
  const cron = `0 ${cronHour} * * *`
  const add = (name: string, timeZone: string, hours: number) => {
    const at = new Date(now + hours * hour)
    const due = { nextRunAt: at, nextScheduledFor: at }
    return db.schedule.create({
      data: { name, action: 'REFRESH_ARCHIVES', repositoryId, cron, timeZone, ...due },
    })
  }
  for (const name of ['one', 'two', 'three']) await add(name, 'Mars/Olympus', -1)
  for (const [index, name] of ['four', 'five', 'six'].entries()) await add(name, 'UTC', index + 1)
  const names = async (limit: number) => {
    const { runs, isTruncated } = await readCalendar(db, new Date(now), new Date(now + 4 * hour), limit)
    return [runs.map(({ schedule }) => schedule.name), isTruncated]
  }
  expect(await names(100)).toEqual([['four', 'five', 'six'], false])
  expect(await names(2)).toEqual([['four', 'five'], true])

  const api = client()
  await setUp(api)
  const { schedules } = await api.query<{ schedules: { edges: { node: unknown }[] } }>(
    '{ schedules(first: 2) { edges { node { name text nextRuns(first: 1) { at } } } } }',
  )
  expect(schedules.edges.map(({ node }) => node)).toEqual([
    { name: 'five', text, nextRuns: [{ at: new Date(now + 2 * hour).toISOString() }] },
    { name: 'four', text, nextRuns: [{ at: new Date(now + hour).toISOString() }] },
  ])
  const { schedules: broken } = await api.query<{ schedules: { edges: { node: unknown }[] } }>(
    '{ schedules(first: 1, search: "one") { edges { node { name text nextRuns { at } } } } }',
  )
  expect(broken.edges).toEqual([{ node: { name: 'one', text: cron, nextRuns: [] } }])
})
