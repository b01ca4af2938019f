import { readdirSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { readLocks } from '../../../../server/repositories/locks.ts'
import type { ApiClient } from '../../../support/api-client.ts'
import {
  cancelJob,
  firstProgress,
  jobEnd,
  jobWhere,
  passphrase,
  readArchives,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { holdLock } from '../../../support/lock.ts'
import { processesWith } from '../../../support/processes.ts'
import { startServer } from '../../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../../support/sources.ts'

let api: ApiClient
let large: string

beforeAll(async () => {
  api = await (await startServer()).setUp()
  large = largeSource()
})

describe('cancelling', () => {
  test('a running backup ends borg, frees its lock and says so; the next backup succeeds', async () => {
    const repository = await readyRepository(api)
    const started = await startBackup(api, repository.id, [large], slowly)
    await firstProgress(api, started)
    expect(processesWith(`${repository.location}::`)).not.toEqual([])

    await cancelJob(api, started.id)
    const job = await jobEnd(api, started)
    expect(job).toMatchObject({
      state: 'CANCELLED',
      problem: 'Cancelled. Archives made before are whole.',
      tasks: [
        { kind: 'BACKUP', state: 'CANCELLED', problem: 'Cancelled. Archives made before are whole.' },
        { kind: 'LIST' },
      ],
    })
    expect(processesWith(`${repository.location}::`)).toEqual([])
    expect(readdirSync(repository.location)).not.toContain('lock.exclusive')
    expect(await readRepository(api, repository.id)).toMatchObject({ state: 'READY', locks: [] })

    expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
      state: 'COMPLETED',
    })
    const archives = await readArchives(api, repository.id)
    expect(archives.filter(({ name }) => !name.includes('.checkpoint'))).toMatchObject([{ incompleteReason: null }])
    expect(await cancelJob(api, job.id)).toMatchObject({
      __typename: 'JobFinished',
      message: 'The job has ended already.',
    })
  })

  test('is for a queued job over at once; one that waits runs when the one before it has ended', async () => {
    const repository = await readyRepository(api)
    const first = await startBackup(api, repository.id, [large], slowly)
    await firstProgress(api, first)
    const second = await startBackup(api, repository.id, [smallSource()])
    const third = await startBackup(api, repository.id, [smallSource()])
    for (const job of [second, third]) {
      expect(await jobWhere(api, job, ({ state }) => state === 'QUEUED')).toMatchObject({
        waitingFor: 'another job of this repository to end (backup)',
      })
    }

    await cancelJob(api, second.id)
    expect(await jobEnd(api, second)).toMatchObject({
      state: 'CANCELLED',
      problem: 'Cancelled before it began.',
      waitingFor: null,
      tasks: [{ state: 'SKIPPED', problem: 'Not begun: the job was cancelled.' }, { state: 'SKIPPED' }],
    })
    expect((await jobWhere(api, first, () => true)).state).toBe('RUNNING')

    await cancelJob(api, first.id)
    expect(await jobEnd(api, third)).toMatchObject({ state: 'COMPLETED', waitingFor: null })
    expect(await jobEnd(api, first)).toMatchObject({ state: 'CANCELLED' })
  })

  test('ends a job that waits for the lock of another program, and leaves the lock alone', async () => {
    const repository = await readyRepository(api, { lockWait: 600 })
    const lock = await holdLock(repository.location, { passphrase })
    const job = await startRefresh(api, repository.id)
    await jobWhere(api, job, ({ tasks }) => tasks[0]?.progress.message != null)
    await cancelJob(api, job.id)
    expect(await jobEnd(api, job)).toMatchObject({ state: 'CANCELLED' })
    expect((await readLocks(repository.location))[0]?.pid).toBe(lock.pid)
  })

  test('of one job leaves one of another repository alone', async () => {
    const [one, two] = [await readyRepository(api), await readyRepository(api)]
    const slow = await startBackup(api, one.id, [large], slowly)
    await firstProgress(api, slow)
    expect(await jobEnd(api, await startRefresh(api, two.id))).toMatchObject({ state: 'COMPLETED' })
    expect((await jobWhere(api, slow, () => true)).state).toBe('RUNNING')
    await cancelJob(api, slow.id)
    await jobEnd(api, slow)
  })

  test('of a job that waits ends what follows the output of its tasks', async () => {
    const repository = await readyRepository(api, { lockWait: 20 })
    await holdLock(repository.location, { passphrase })
    const first = await startRefresh(api, repository.id)
    await jobWhere(api, first, ({ tasks }) => tasks[0]?.progress.message != null)
    const job = await startBackup(api, repository.id, [smallSource()])
    const { tasks } = await jobWhere(api, job, ({ state }) => state === 'QUEUED')
    const followed = tasks.map(({ id }) =>
      api.subscribe('subscription ($id: ID!) { taskOutput(taskId: $id) { cursor lines } }', { id }).next(),
    )
    // Begun after those on the same socket: its first answer comes when they are watching.
    await jobWhere(api, job, () => true)

    await cancelJob(api, job.id)
    for (const end of await Promise.all(followed)) expect(end).toEqual({ done: true, value: undefined })
    await cancelJob(api, first.id)
    await jobEnd(api, first)
  })
})
