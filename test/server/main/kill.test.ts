import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLocks } from '../../../server/repositories/locks.ts'
import { signIn } from '../../support/api-client.ts'
import {
  firstProgress,
  importRepository,
  jobEnd,
  jobWhere,
  passphrase,
  readArchives,
  readLines,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { holdLock } from '../../support/lock.ts'
import { poll } from '../../support/poll.ts'
import { processesWith } from '../../support/processes.ts'
import { startServer } from '../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const interrupted = 'The server was stopped or killed while this job was running. Archives made before are whole.'

/** The programs that work on a repository and were started by a server. */
const startedFor = (location: string) =>
  processesWith('BORGITORY_SERVER=').filter(({ commandLine }) => commandLine.includes(location))

/** Kills a server in the middle of a backup, with borg or without, and starts another one on the same data folder. */
const killDuringBackup = async ({ withBorg }: { withBorg: boolean }) => {
  const dataFolder = temporaryFolder()
  const killed = await startServer({ dataFolder })
  const before = await killed.setUp()
  const repository = await readyRepository(before, { lockWait: 1 })
  expect(await jobEnd(before, await startBackup(before, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
  const running = await startBackup(before, repository.id, [largeSource()], slowly)
  await firstProgress(before, running)
  const waiting = await startBackup(before, repository.id, [smallSource()])
  await jobWhere(before, waiting, ({ state }) => state === 'QUEUED')
  await killed.kill()
  const children = processesWith(`${repository.location}::`)
  expect(children).not.toEqual([])
  if (withBorg) {
    for (const { pid } of children) process.kill(pid, 'SIGKILL')
    await poll('borg is gone', () => processesWith(`${repository.location}::`).length === 0)
    expect(existsSync(join(repository.location, 'lock.exclusive'))).toBe(true)
  }
  return { dataFolder, repository, running, waiting }
}

/** The next server records the job as interrupted, leaves no borg and no lock behind, and goes on with what waited. */
const expectRecovery = async ({ withBorg }: { withBorg: boolean }) => {
  const { dataFolder, repository, running, waiting } = await killDuringBackup({ withBorg })
  const server = await startServer({ dataFolder })
  const api = server.client()
  await signIn(api)

  // Borg itself would see that one of its own locks is stale, but only the next time that somebody uses the repository.
  if (withBorg) expect(server.output()).toContain('broke the lock of a process that is gone')
  const job = await jobEnd(api, running)
  expect(job).toMatchObject({
    state: 'INTERRUPTED',
    problem: interrupted,
    tasks: [
      {
        state: 'INTERRUPTED',
        problem: 'The server was stopped or killed while this was running.',
        progress: { currentPath: null, message: null },
      },
      { state: 'SKIPPED', problem: 'Not begun: the server was stopped or killed before.' },
    ],
  })
  expect(await readLines(api, job.tasks[0]?.id ?? '')).toHaveLength(job.tasks[0]?.lineCount ?? -1)
  expect(processesWith(`${repository.location}::`).filter(({ commandLine }) => commandLine.includes('large'))).toEqual(
    [],
  )

  expect(await jobEnd(api, waiting)).toMatchObject({ state: 'COMPLETED' })
  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
  expect(readdirSync(repository.location)).not.toContain('lock.exclusive')
  expect((await readArchives(api, repository.id)).length).toBeGreaterThanOrEqual(3)
}

test('after a server that is killed, the next one ends the borg that was left behind and goes on', () =>
  expectRecovery({ withBorg: false }))

test('after a server that is killed with its borg, the next one breaks the lock that was left behind and goes on', () =>
  expectRecovery({ withBorg: true }))

test('a lock that somebody else holds, or has left behind, is not broken at the start after a kill', async () => {
  const dataFolder = temporaryFolder()
  const killed = await startServer({ dataFolder })
  const before = await killed.setUp()
  const [held, left] = [
    await readyRepository(before, { lockWait: 1000 }),
    await readyRepository(before, { lockWait: 1000 }),
  ]
  const holder = await holdLock(held.location, { passphrase })
  const leaver = await holdLock(left.location, { passphrase })
  await leaver.kill()
  for (const { id } of [held, left]) {
    const job = await startRefresh(before, id)
    await jobWhere(before, job, ({ tasks }) => tasks[0]?.progress.message != null)
  }
  await killed.kill()
  const locations = [held.location, left.location]
  expect(locations.map((location) => startedFor(location).length)).toEqual([1, 1])

  const server = await startServer({ dataFolder })
  expect(locations.flatMap(startedFor)).toEqual([])
  const api = server.client()
  await signIn(api)
  for (const [{ id, location }, { pid }] of [
    [held, holder],
    [left, leaver],
  ] as const) {
    expect((await readLocks(location))[0]?.pid).toBe(pid)
    expect(await readRepository(api, id)).toMatchObject({ state: 'READY', locks: [{ pid }] })
  }
  await holder.release()
  expect(await jobEnd(api, await startRefresh(api, held.id))).toMatchObject({ state: 'COMPLETED' })
  expect((await readLocks(left.location))[0]?.pid).toBe(leaver.pid)
})

test('a repository whose creation was cut short by a kill says so', async () => {
  const dataFolder = temporaryFolder()
  const killed = await startServer({ dataFolder })
  const before = await killed.setUp()
  const foreign = await readyRepository(before)
  const holder = await holdLock(foreign.location, { passphrase })
  await before.query('mutation ($id: ID!) { deleteRepository(input: {id: $id}) { __typename } }', { id: foreign.id })
  const job = await importRepository(before, { location: foreign.location, passphrase, lockWait: 1000 })
  await jobWhere(before, job, ({ tasks }) => tasks[0]?.progress.message != null)
  await killed.kill()

  const server = await startServer({ dataFolder })
  const api = server.client()
  await signIn(api)
  const problem = 'The server was stopped or killed before the repository was ready.'
  expect(await jobEnd(api, job)).toMatchObject({ state: 'INTERRUPTED', repository: { state: 'FAILED', problem } })
  await holder.release()
  expect(await jobEnd(api, await startRefresh(api, job.repository?.id ?? ''))).toMatchObject({
    state: 'COMPLETED',
    repository: { state: 'READY', problem: null },
  })
})
