import { beforeAll, expect, test } from 'vitest'
import { signIn } from '../../support/api-client.ts'
import { cuttableProxy } from '../../support/cuttable-proxy.ts'
import { hasFerretdb, orSkipped, startFerretdb } from '../../support/ferretdb.ts'
import { firstProgress, jobEnd, jobWhere, readyRepository, startBackup, startRefresh } from '../../support/jobs.ts'
import { poll } from '../../support/poll.ts'
import { type Postgres, startPostgres } from '../../support/postgres.ts'
import { startServer } from '../../support/server.ts'
import { largeSource, slowly } from '../../support/sources.ts'
import { createSchedule, readSchedule, recordId, updateSchedule, withRecords } from './schedules.ts'

let postgres: Postgres

beforeAll(async () => {
  postgres = await startPostgres()
})

const password = () => decodeURIComponent(new URL(postgres.url()).password)

/** Starts a server that is ready before a schedule comes due, however long its start takes; `begunAt` is before the start. */
const startBefore = async (
  scheduleId: string,
  options: { dataFolder: string; environment: Record<string, string> },
) => {
  for (let lead = 6_000; ; lead *= 2) {
    const begunAt = Date.now()
    const due = new Date(begunAt + lead)
    await withRecords(options.dataFolder, (db) =>
      db.schedule.update({ where: { id: scheduleId }, data: { nextRunAt: due, nextScheduledFor: due } }),
    )
    const server = await startServer(options)
    if (Date.now() < due.getTime()) return { server, begunAt }
    await server.stop()
  }
}

/** A database that a queue is kept in. */
interface Outside {
  readonly url: string
  /** Ends it, in whichever way. */
  end(): Promise<void>
  start(): Promise<void>
}

/** Has a schedule run by a queue that then goes and comes back. All that the servers printed. */
const runSchedule = async (queue: Outside): Promise<string> => {
  const environment = { AGENDA_URL: queue.url }
  const first = await startServer({ environment })
  const { dataFolder } = first
  const administrator = await first.setUp()
  const repository = await readyRepository(administrator)
  const schedule = await createSchedule(administrator, { repositoryId: repository.id })
  await first.stop()
  const { server, begunAt } = await startBefore(recordId(schedule.id), { dataFolder, environment })
  const api = server.client()
  await signIn(api)
  await poll('the schedule runs', async () => (await readSchedule(api, schedule.id)).latestJob !== null)
  const job = await jobEnd(api, (await readSchedule(api, schedule.id)).latestJob as never)
  expect(job).toMatchObject({ kind: 'REFRESH_ARCHIVES', state: 'COMPLETED' })
  const { createdAt } = await withRecords(dataFolder, (db) =>
    db.job.findUniqueOrThrow({ where: { id: recordId(job.id) } }),
  )
  // Before the clock looks for the first time for what the queue did not announce.
  expect(createdAt.getTime() - begunAt).toBeLessThan(30_000)

  await queue.end()
  const asked = await startRefresh(api, repository.id)
  const changed = await updateSchedule(api, { id: schedule.id, cron: '0 5 * * *' })
  expect(changed.cron).toBe('0 5 * * *')
  expect(await jobEnd(api, asked)).toMatchObject({ state: 'COMPLETED' })
  await poll('the log says that the queue is gone', () => server.output().includes('The queue met a problem'))
  await queue.start()
  await poll('the log says that the queue is back', () => server.output().includes('The queue works again'))
  expect(await jobEnd(api, await startRefresh(api, repository.id))).toMatchObject({ state: 'COMPLETED' })

  await queue.end()
  const last = await startRefresh(api, repository.id)
  await jobWhere(api, last, ({ state }) => state !== 'PENDING')
  expect(await server.stop()).toBe(0)
  await queue.start()
  return first.output() + server.output()
}

test('a schedule runs by a queue in PostgreSQL, and nothing is lost while that is gone', async () => {
  const { start, stop } = postgres
  expect(await runSchedule({ url: postgres.url(), start, end: stop })).not.toContain(password())
})

test.skipIf(!hasFerretdb)(
  `a schedule runs by a queue in MongoDB, and nothing is lost while that is gone${orSkipped}`,
  async () => {
    const { url, start, kill } = await startFerretdb()
    await runSchedule({ url, start, end: kill })
  },
)

test('a queue that falls silent holds up no change, no job and no stop', async () => {
  const proxy = await cuttableProxy(postgres.url())
  const queue = new URL(postgres.url())
  queue.port = new URL(proxy.url).port
  const server = await startServer({ environment: { AGENDA_URL: queue.href, BORGITORY_STOP_GRACE: '0.2' } })
  const api = await server.setUp()
  const repository = await readyRepository(api)
  const schedule = await createSchedule(api, { repositoryId: repository.id })
  proxy.silence()
  const begun = performance.now()
  expect(await updateSchedule(api, { id: schedule.id, cron: '0 5 * * *' })).toMatchObject({ cron: '0 5 * * *' })
  await createSchedule(api, { repositoryId: repository.id })
  // Its driver alone would wait for ten seconds each time.
  expect(performance.now() - begun).toBeLessThan(20_000)
  expect(await jobEnd(api, await startRefresh(api, repository.id))).toMatchObject({ state: 'COMPLETED' })
  const long = await startBackup(api, repository.id, [largeSource()], slowly)
  await firstProgress(api, long)
  expect(await server.stop()).toBe(0)

  const next = await startServer({ dataFolder: server.dataFolder, environment: { AGENDA_URL: postgres.url() } })
  const client = next.client()
  await signIn(client)
  expect(await jobEnd(client, long)).toMatchObject({
    state: 'INTERRUPTED',
    problem: 'The server was stopped while this was running. Archives made before are whole.',
  })
})

test('a queue that cannot be reached or used is said at the start, in plain words and without its password', async () => {
  const failure = (url: string) =>
    startServer({ environment: { AGENDA_URL: url } }).then(
      () => 'it started',
      (error: Error) => error.message,
    )
  const messages = await Promise.all([
    failure(`postgresql://ada:s3cret-word@127.0.0.1:1/queue`),
    failure(postgres.url('ada', 's3cret-word')),
    failure('redis://ada:s3cret-word@127.0.0.1/queue'),
  ])
  for (const [index, words] of [
    'Borgitory cannot start. The queue’s database (AGENDA_URL) cannot be used: nothing listens at its address.',
    'Borgitory cannot start. The queue’s database (AGENDA_URL) cannot be used: it refuses this user name or password.',
    'Borgitory cannot start. AGENDA_URL: must be postgresql://… or mongodb://…',
  ].entries()) {
    expect(messages[index]).toContain(words)
    expect(messages[index]).toContain('ended with status 1 ')
    expect(messages[index]).not.toMatch(/s3cret|^ +at |node:/m)
  }
})
