import { setTimeout as delay } from 'node:timers/promises'
import { openDatabase } from '../../../../server/database/client.ts'
import { migrate } from '../../../../server/database/migrate.ts'
import { poll } from '../../../support/poll.ts'
import type { Measurement } from '../../areas.ts'
import { percentile } from '../../figure.ts'
import { processorTime } from '../../processes.ts'

const scheduleCount = 10_000
/** Schedules that are due at the same moment. */
const dueCount = 200

const minute = 60_000
const day = 1440 * minute

/** Seconds for which the idle server is watched. */
const idleTime = 30

/** The next time that `minutes` after midnight, UTC, is there. */
const nextAt = (minutes: number, now: number) => {
  const today = Math.floor(now / day) * day + minutes * minute
  return new Date(today > now ? today : today + day)
}

/** Writes schedules that each run once a day: some of them at `due`, the rest not within an hour of it. */
const fillWith = (due: Date) => async (file: string) => {
  await migrate(file)
  const db = await openDatabase(file)
  // Nothing is run: what is measured is when a run is there, not how long those before it take.
  await db.settings.create({ data: { pausedAt: new Date() } })
  const { id: repositoryId } = await db.repository.create({
    data: { name: 'repository', location: '/nowhere', state: 'READY' },
  })
  const now = Date.now()
  const dueMinutes = (due.getTime() % day) / minute
  const data = Array.from({ length: scheduleCount }, (_, index) => {
    const minutes = index < dueCount ? dueMinutes : (dueMinutes + 60 + (index % 1320)) % 1440
    const nextRunAt = nextAt(minutes, now)
    return {
      name: `schedule ${index}`,
      action: 'REFRESH_ARCHIVES' as const,
      repositoryId,
      cron: `${minutes % 60} ${Math.floor(minutes / 60)} * * *`,
      timeZone: 'UTC',
      nextRunAt,
      nextScheduledFor: nextRunAt,
    }
  })
  for (let start = 0; start < data.length; start += 500) {
    await db.schedule.createMany({ data: data.slice(start, start + 500) })
  }
  await db.$disconnect()
}

/** What ten thousand schedules cost while nothing is due, and how late runs begin of which many are due at once. */
export const schedules: Measurement = async (bench) => {
  bench.say(`${scheduleCount} schedules, ${dueCount} of them due at the same moment …`)
  const due = new Date(Math.ceil(Date.now() / minute + 1) * minute)
  const { server, api } = await bench.startServer({ fill: fillWith(due) })
  // Until each schedule has its entry in the queue.
  await delay(5_000)
  const before = processorTime(server.pid).own
  const beginning = performance.now()
  await delay(Math.min(idleTime * 1000, due.getTime() - Date.now() - 2_000))
  const seconds = (performance.now() - beginning) / 1000
  const share = (processorTime(server.pid).own - before) / seconds

  const runs = async () =>
    (
      await api.query<{ jobs: { edges: { node: { createdAt: string } }[] } }>(
        `{ jobs(first: ${dueCount}) { edges { node { createdAt } } } }`,
      )
    ).jobs.edges
  // Counts only: to read the runs while others are still to begin would make those later.
  const count = async () =>
    (await api.query<{ jobs: { totalCount: number } }>('{ jobs(first: 1) { totalCount } }')).jobs
  await poll('every run is there', async () => (await count()).totalCount === dueCount, { within: 120_000, every: 500 })
  const late = Float64Array.from(await runs(), ({ node }) => (Date.parse(node.createdAt) - due.getTime()) / 1000)
  bench.say(`  idle for ${seconds.toFixed(0)} s; half of the runs within ${percentile(late, 0.5).toFixed(2)} s`)
  return [
    { name: '10,000 enabled schedules: idle processor time', value: share * 100, unit: '% of a core', target: 2 },
    {
      name: `… lateness of ${dueCount} runs due at the same moment, p99`,
      value: percentile(late, 0.99),
      unit: 's',
      target: 3,
    },
  ]
}
