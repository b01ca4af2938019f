import { pino } from 'pino'
import type { Prisma } from '../../../prisma/generated/client/client.ts'
import { createAgenda } from '../../../server/agenda/agenda.ts'
import { createEmbeddedBackend } from '../../../server/agenda/embedded/backend.ts'
import type { Database } from '../../../server/database/client.ts'
import { createEvents, type Events } from '../../../server/events.ts'
import { createClock } from '../../../server/schedules/clock.ts'
import { createApp } from '../../support/app.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'

export const hour = 3_600_000
export const day = 24 * hour

export const fromNow = (milliseconds: number) => new Date(Date.now() + milliseconds)

/** So far ahead that what is to see it come has begun by then, on a busy machine too. */
export const soon = () => fromNow(1_500)

interface PartsOptions {
  /** What the clock sees of the records. */
  readonly watch?: (db: Database) => Database
}

/** A clock that works on empty records, and the ids of the jobs that it has announced. */
export const createParts = async (lookEvery = 60_000, { watch = (db) => db }: PartsOptions = {}) => {
  const { app } = await createApp()
  const { db } = app
  const log = pino({ enabled: false })
  const backend = createEmbeddedBackend(db)
  const agenda = createAgenda({ backend, log, lookEvery: 100 })
  const announcedJobs: string[] = []
  const { publish, watch: watchEvents } = createEvents()
  const events: Events = {
    publish(name, id) {
      if (name === 'job:changed') announcedJobs.push(id)
      publish(name, id)
    },
    watch: watchEvents,
  }
  const create = () => createClock({ ...app, db: watch(db), events, log, agenda, lookEvery })
  const clock = create()
  const restart = async () => {
    const another = create()
    await another.start()
    return another
  }
  cleanUpAfter(async () => {
    await clock.stop()
    await agenda.drain()
  })
  const repository = await db.repository.create({ data: { name: 'r', location: '/r', state: 'READY' } })
  let count = 0
  const add = (columns: Partial<Prisma.ScheduleUncheckedCreateInput> = {}) => {
    count += 1
    return db.schedule.create({
      data: {
        name: `s${count}`,
        action: 'REFRESH_ARCHIVES',
        repositoryId: repository.id,
        cron: '0 3 * * *',
        timeZone: 'UTC',
        createdAt: fromNow(-1000 * day),
        validFrom: fromNow(-100 * day),
        ...columns,
      },
    })
  }
  const read = (id: string) => db.schedule.findUniqueOrThrow({ where: { id }, include: { jobs: true } })
  /** When the queue's entries wake the clock up. */
  const wakeUps = async () => (await agenda.queryJobs({ name: 'run schedules' })).jobs.map(({ nextRunAt }) => nextRunAt)
  /** Whether the queue has one entry, which is for the next time that any schedule runs. */
  const isAligned = async () => {
    const { nextRunAt } = await db.schedule.findFirstOrThrow({
      where: { isEnabled: true, nextRunAt: { not: null } },
      orderBy: { nextRunAt: 'asc' },
    })
    const found = await wakeUps()
    return found.length === 1 && found[0]?.getTime() === nextRunAt?.getTime()
  }
  const start = async () => {
    await clock.start()
    await agenda.start()
  }
  return {
    app,
    db,
    events,
    store: backend.repository,
    agenda,
    clock,
    add,
    read,
    wakeUps,
    isAligned,
    announcedJobs,
    start,
    create,
    restart,
    repository,
  }
}
