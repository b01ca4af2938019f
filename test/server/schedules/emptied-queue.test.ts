import { Client } from 'pg'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createAgenda } from '../../../server/agenda/agenda.ts'
import { openBackend } from '../../../server/agenda/backends.ts'
import { createEvents } from '../../../server/events.ts'
import { createClock } from '../../../server/schedules/clock.ts'
import { Secret } from '../../../server/secrets/secret.ts'
import { createApp } from '../../support/app.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import { addRepository } from '../../support/engine.ts'
import { poll } from '../../support/poll.ts'
import { startPostgres } from '../../support/postgres.ts'

it('should be filled anew by a server that runs, whether its rows or its tables are removed', async () => {
  const postgres = await startPostgres()
  const { app } = await createApp()
  const { db } = app
  const log = pino({ enabled: false })
  const backend = await openBackend({ url: new Secret(postgres.url()), db, log })
  const agenda = createAgenda({ backend, log, lookEvery: 50 })
  const clock = createClock({ ...app, events: createEvents(), log, agenda, lookEvery: 50 })
  const administrator = new Client(postgres.url())
  await administrator.connect()
  cleanUpAfter(async () => {
    await clock.stop()
    await agenda.drain()
    await administrator.end()
  })
  const { queueName } = await db.settings.findFirstOrThrow()
  const { id: repositoryId } = await addRepository(app)
  const add = (name: string, at: Date) => {
    const due = { nextRunAt: at, nextScheduledFor: at }
    return db.schedule.create({
      data: { name, action: 'REFRESH_ARCHIVES', repositoryId, cron: '0 3 29 2 *', timeZone: 'UTC', ...due },
    })
  }
  const first = await add('first', new Date(Date.now() + 6_000))
  const isKnown = async () => {
    const { jobs } = await agenda.queryJobs({ name: 'run schedules' }).catch(() => ({ jobs: [] }))
    const { nextRunAt } = await db.schedule.findFirstOrThrow({ orderBy: { nextRunAt: 'asc' } })
    return jobs.some((entry) => entry.nextRunAt?.getTime() === nextRunAt?.getTime())
  }
  await clock.start()
  await agenda.start()
  await poll('the queue knows it', isKnown)

  await administrator.query(`TRUNCATE "${queueName}"`)
  expect(await isKnown()).toBe(false)
  await poll('what nothing announced runs', async () => (await db.job.count({ where: { scheduleId: first.id } })) === 1)
  await poll('the queue knows what is next', isKnown)

  await administrator.query(`DROP TABLE "${queueName}"`)
  await poll('the queue is made anew', isKnown)
})
