import { setImmediate } from 'node:timers/promises'
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

it('should be computed in stretches, and not again and again in one operation', async () => {
  const { app, client } = await listen()
  const { id: repositoryId } = await addRepository(app)
  const now = Date.now()
  const due = { nextRunAt: new Date(now), nextScheduledFor: new Date(now) }
  await app.db.schedule.createMany({
    data: Array.from({ length: 100 }, (_, index) => ({
      name: `schedule ${index}`,
      action: 'REFRESH_ARCHIVES' as const,
      repositoryId,
      cron: `${index % 60} * * * *`,
      timeZone: 'Europe/Berlin',
      jitter: 60,
      ...due,
    })),
  })
  const api = client()
  await setUp(api)
  const variables = { from: new Date(now).toISOString(), to: new Date(now + 365 * 24 * hour).toISOString() }
  const document = (fields: string) => `query ($from: DateTime!, $to: DateTime!) { ${fields} }`
  const calendar = 'calendar(from: $from, to: $to, first: 5000) { isTruncated runs { at schedule { name } } }'

  const aliases = Array.from({ length: 60 }, (_, index) => `a${index}: ${calendar}`).join(' ')
  const { errors } = await api.request(document(aliases), variables)
  expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'OPERATION_TOO_LARGE' } })])

  let [turns, isOver] = [0, false]
  const before = process.threadCpuUsage()
  const answer = api.query<{ calendar: { runs: unknown[] } }>(document(calendar), variables).finally(() => {
    isOver = true
  })
  for (; !isOver; turns++) await setImmediate()
  expect((await answer).calendar.runs).toHaveLength(5_000)
  const { user } = process.threadCpuUsage(before)
  // Of the time that it took at least half was in stretches of 20 milliseconds or less.
  expect(turns).toBeGreaterThan(user / 1000 / 40)
})
