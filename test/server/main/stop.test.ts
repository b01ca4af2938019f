import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { signIn } from '../../support/api-client.ts'
import {
  cancelJob,
  createRepository,
  firstProgress,
  jobEnd,
  jobWhere,
  passphrase,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { holdLock } from '../../support/lock.ts'
import { hangingFolder } from '../../support/mounts.ts'
import { poll } from '../../support/poll.ts'
import { processesWith } from '../../support/processes.ts'
import { startServer } from '../../support/server.ts'
import { launchServer } from '../../support/server-process.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a server that is told to stop lets a job end that does so within the grace', async () => {
  const dataFolder = temporaryFolder()
  const server = await startServer({ dataFolder })
  const api = await server.setUp()
  const repository = await readyRepository(api, { lockWait: 10 })
  const lock = await holdLock(repository.location, { passphrase })
  const job = await startRefresh(api, repository.id)
  await jobWhere(api, job, ({ tasks }) => tasks[0]?.progress.message != null)
  const stopped = server.stop('SIGTERM')
  await poll('the server is stopping', () => server.output().includes('"stopping"'))
  await lock.release()
  expect(await stopped).toBe(0)

  const again = await startServer({ dataFolder })
  const client = again.client()
  await signIn(client)
  expect(await jobEnd(client, job)).toMatchObject({ state: 'COMPLETED', problem: null })
})

test('a server that is told to stop interrupts a job that takes longer, keeps what waits, and leaves nothing behind', async () => {
  const dataFolder = temporaryFolder()
  const server = await startServer({ dataFolder, environment: { BORGITORY_STOP_GRACE: '0.2' } })
  const api = await server.setUp()
  const repository = await readyRepository(api)
  const job = await startBackup(api, repository.id, [largeSource()], slowly)
  await firstProgress(api, job)
  const waiting = await startBackup(api, repository.id, [smallSource()])
  await jobWhere(api, waiting, ({ state }) => state === 'QUEUED')
  expect(await server.stop('SIGTERM')).toBe(0)
  expect(processesWith(`${repository.location}::`)).toEqual([])
  expect(readdirSync(repository.location)).not.toContain('lock.exclusive')

  const again = await startServer({ dataFolder })
  expect(again.output()).not.toContain('recovered')
  const client = again.client()
  await signIn(client)
  expect(await jobEnd(client, job)).toMatchObject({
    state: 'INTERRUPTED',
    problem: 'The server was stopped while this was running. Archives made before are whole.',
    tasks: [{ state: 'INTERRUPTED' }, { state: 'SKIPPED', problem: 'Not begun: the server was stopped before.' }],
  })
  expect(await jobEnd(client, waiting)).toMatchObject({ state: 'COMPLETED' })
})

test('a server stops also where borg cannot be ended, and says so; the next job says who holds the lock', async () => {
  const dataFolder = temporaryFolder()
  const server = await startServer({ dataFolder, environment: { BORGITORY_STOP_GRACE: '0.2' } })
  const api = await server.setUp()
  const begin = async () => {
    const repository = await readyRepository(api, { lockWait: 1 })
    const hanging = await hangingFolder()
    const job = await startBackup(api, repository.id, [hanging.path])
    await hanging.opened
    const pid = (await readRepository(api, repository.id))?.locks[0]?.pid
    return { repository, hanging, job, pid }
  }
  const cancelled = await begin()
  const interrupted = await begin()
  await cancelJob(api, cancelled.job.id)
  expect(await server.stop('SIGTERM')).toBe(0)

  const again = await startServer({ dataFolder })
  const client = again.client()
  await signIn(client)
  const words = ({ pid }: typeof cancelled) =>
    `Archives made before are whole. Process ${pid} could not be ended, not even by SIGKILL: it may still hold borg’s lock.`
  const problem = `Cancelled. ${words(cancelled)}`
  expect(await jobEnd(client, cancelled.job)).toMatchObject({ state: 'CANCELLED', problem, tasks: [{ problem }, {}] })
  expect(await jobEnd(client, interrupted.job)).toMatchObject({
    state: 'INTERRUPTED',
    problem: `The server was stopped while this was running. ${words(interrupted)}`,
  })
  expect(await jobEnd(client, await startRefresh(client, cancelled.repository.id))).toMatchObject({
    state: 'FAILED',
    problem: expect.stringContaining(`process ${cancelled.pid} on this machine (borg create) holds the lock`),
  })
  cancelled.hanging.answer()
  interrupted.hanging.answer()
  await poll('both have ended', () => processesWith(`${dataFolder}/`).every(({ pid }) => pid === again.pid))
})

test('a server stops at once where there is nothing to wait for, on SIGINT as well', async () => {
  const server = await startServer({ environment: { BORGITORY_STOP_GRACE: '60' } })
  const api = await server.setUp()
  const changes = api.subscribe('subscription { jobsChanged { id } }')
  const next = changes.next().catch(() => 'closed')
  await jobEnd(api, await createRepository(api, { location: `${temporaryFolder()}/repository` }))
  const begun = performance.now()
  expect(await server.stop('SIGINT')).toBe(0)
  // Long before the grace that running jobs would have.
  expect(performance.now() - begun).toBeLessThan(30_000)
  await next
})

test('a second server on the same data folder is refused, and the first goes on', async () => {
  const dataFolder = temporaryFolder()
  const first = await startServer({ dataFolder })
  const api = await first.setUp()
  await expect(launchServer({ dataFolder })).rejects.toThrow(
    `Borgitory cannot start. Another Borgitory works with the data folder ${dataFolder}: stop that first, or set BORGITORY_DATA to another folder.`,
  )
  await readyRepository(api)
  expect(await first.stop()).toBe(0)
  expect(await (await startServer({ dataFolder })).stop()).toBe(0)
})

test('a second server on the same records is refused, and a job of the first goes on', async () => {
  const environment = { DATABASE_URL: `file:${temporaryFolder()}/records.sqlite` }
  const first = await startServer({ environment })
  const api = await first.setUp()
  const repository = await readyRepository(api, { lockWait: 30 })
  const lock = await holdLock(repository.location, { passphrase })
  const job = await startRefresh(api, repository.id)
  await jobWhere(api, job, ({ tasks }) => tasks[0]?.progress.message != null)
  await expect(launchServer({ dataFolder: temporaryFolder(), environment })).rejects.toThrow(
    /status 1 [\s\S]*Borgitory cannot start\. Another Borgitory works with .*records\.sqlite/,
  )
  expect((await jobWhere(api, job, () => true)).state).toBe('RUNNING')
  await lock.release()
  expect(await jobEnd(api, job)).toMatchObject({ state: 'COMPLETED', problem: null })
})
