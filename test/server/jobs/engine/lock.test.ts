import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readLocks } from '../../../../server/repositories/locks.ts'
import type { ApiClient } from '../../../support/api-client.ts'
import {
  jobEnd,
  jobWhere,
  passphrase,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { holdLock, shareLock } from '../../../support/lock.ts'
import { startServer } from '../../../support/server.ts'
import { largeSource, smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let api: ApiClient

beforeAll(async () => {
  api = await (await startServer()).setUp()
})

describe('a repository whose lock another program holds', () => {
  test('is waited for, as long as was set and with the word who holds it; then the job fails and nothing was done', async () => {
    const repository = await readyRepository(api, { lockWait: 2 })
    const lock = await holdLock(repository.location, { passphrase })
    expect(await readRepository(api, repository.id)).toMatchObject({
      locks: [{ isExclusive: true, pid: lock.pid, isAlive: true, command: 'borg with-lock' }],
    })

    const holder = `process ${lock.pid} on this machine (borg with-lock) holds the lock of the repository and is running`
    const started = await startBackup(api, repository.id, [smallSource()])
    const waiting = await jobWhere(api, started, ({ tasks }) => tasks[0]?.progress.message != null)
    expect(waiting).toMatchObject({
      state: 'RUNNING',
      tasks: [{ progress: { message: `Waits up to 2 s: ${holder}.` } }, {}],
    })
    const problem = `Waited 2 s for the lock of the repository: ${holder}. Nothing was changed.`
    expect(await jobEnd(api, started)).toMatchObject({
      state: 'FAILED',
      problem,
      tasks: [{ state: 'FAILED', exitCode: 2, problem }, { state: 'SKIPPED' }],
    })
    expect((await readLocks(repository.location))[0]?.pid).toBe(lock.pid)

    await lock.release()
    expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
      state: 'COMPLETED',
    })
  })

  test('is used as soon as the lock is free', async () => {
    const repository = await readyRepository(api, { lockWait: 10 })
    const lock = await holdLock(repository.location, { passphrase })
    const started = await startRefresh(api, repository.id)
    await jobWhere(api, started, ({ tasks }) => tasks[0]?.progress.message != null)
    await lock.release()
    expect(await jobEnd(api, started)).toMatchObject({ state: 'COMPLETED', problem: null })
  })

  test('is not touched where a program of somebody else left its lock behind', async () => {
    const repository = await readyRepository(api, { lockWait: 0 })
    const lock = await holdLock(repository.location, {
      passphrase,
      environment: { BORG_HOST_ID: 'elsewhere.example@1' },
    })
    await lock.kill()
    expect(await readRepository(api, repository.id)).toMatchObject({ locks: [{ isAlive: null, command: null }] })
    expect(await jobEnd(api, await startRefresh(api, repository.id))).toMatchObject({
      state: 'FAILED',
      problem: `Waited 0 s for the lock of the repository: process ${lock.pid} on the machine elsewhere.example holds the lock of the repository; from here nobody can tell whether it still runs. Nothing was changed.`,
    })
    expect((await readLocks(repository.location))[0]?.pid).toBe(lock.pid)
  })
})

describe('a repository whose lock another program shares', () => {
  test('is waited for with the word who that is; what reads does not wait', async () => {
    const repository = await readyRepository(api, { lockWait: 60 })
    const first = await jobEnd(api, await startBackup(api, repository.id, [largeSource(8)]))
    const lock = await shareLock(repository.location, first.archive?.name ?? '', { passphrase })
    expect(await readRepository(api, repository.id)).toMatchObject({
      locks: [{ isExclusive: false, pid: lock.pid, isAlive: true, command: 'borg export-tar' }],
    })
    expect(await jobEnd(api, await startRefresh(api, repository.id))).toMatchObject({ state: 'COMPLETED' })

    const started = await startBackup(api, repository.id, [smallSource()])
    const waiting = await jobWhere(api, started, ({ tasks }) => tasks[0]?.progress.message != null)
    expect(waiting.tasks[0]?.progress.message).toBe(
      `Waits up to 60 s: process ${lock.pid} on this machine (borg export-tar) holds a shared lock of the repository and is running.`,
    )
    await lock.release()
    expect(await jobEnd(api, started)).toMatchObject({ state: 'COMPLETED' })
  })

  test('is not touched where programs on other machines may share it still; they are named', async () => {
    const repository = await readyRepository(api, { lockWait: 0 })
    const shared = [7, 8, 9, 10].map((pid) => [`nas.example@${pid}`, pid, 0])
    writeFileSync(join(repository.location, 'lock.roster'), JSON.stringify({ shared, exclusive: [] }))
    const named = [7, 8, 9].map(
      (pid) =>
        `process ${pid} on the machine nas.example holds a shared lock of the repository; from here nobody can tell whether it still runs`,
    )
    expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
      state: 'FAILED',
      problem: `Waited 0 s for the lock of the repository: ${named.join('; ')}; 1 more holds it. Nothing was changed.`,
    })
    expect((await readLocks(repository.location)).map(({ pid }) => pid)).toEqual([7, 8, 9, 10])
  })
})

test('a folder without a lock has no holder', async () => {
  expect(await readLocks(temporaryFolder())).toEqual([])
  expect(await readLocks('/nowhere')).toEqual([])
})
