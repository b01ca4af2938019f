import { randomBytes } from 'node:crypto'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  firstProgress,
  jobEnd,
  jobWhere,
  readArchives,
  readRepository,
  readyRepository,
  startBackup,
} from '../../../support/jobs.ts'
import { smallFolder } from '../../../support/mounts.ts'
import { poll } from '../../../support/poll.ts'
import { processesWith } from '../../../support/processes.ts'
import { startServer } from '../../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../../support/sources.ts'

/** Takes all the space that is left on a file system, also what others take or free meanwhile. */
const fill = (folder: string) => {
  const file = join(folder, 'filler')
  const filler = openSync(file, 'w')
  const block = randomBytes(4096)
  try {
    for (;;) writeSync(filler, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(filler)
  }
  return file
}

test('a repository whose disk is full fails the backup, keeps its archives, and takes the next one that fits', async () => {
  const api = await (await startServer()).setUp()
  const repository = await readyRepository(api, { location: join(smallFolder(16), 'repository') })
  const before = await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))
  expect(before.state).toBe('COMPLETED')

  const job = await jobEnd(api, await startBackup(api, repository.id, [largeSource(24)]))
  expect(job).toMatchObject({
    state: 'FAILED',
    problem: 'There is no space left on the disk. Archives made before are whole.',
    archive: null,
    repository: { state: 'READY' },
  })
  expect(await readRepository(api, repository.id)).toMatchObject({ locks: [] })

  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
  expect((await readArchives(api, repository.id)).map(({ name }) => name)).toContain(before.archive?.name)
})

test('where the disk of the records is full, a backup goes on, and is recorded as it was as soon as there is space', {
  timeout: 120_000,
}, async () => {
  const folder = smallFolder(16)
  const server = await startServer({ environment: { DATABASE_URL: `file:${folder}/records.sqlite` } })
  const api = await server.setUp()
  const repository = await readyRepository(api)
  const started = await startBackup(api, repository.id, [largeSource(8)], slowly)
  await firstProgress(api, started)
  const filler = fill(folder)
  await poll('the server finds out that there is no space', () =>
    server.output().includes('the records cannot be written; trying again'),
  )
  await poll('borg has made the archive', () => processesWith(`${repository.location}::`).length === 0, {
    within: 90_000,
  })
  expect((await jobWhere(api, started, () => true)).state).toBe('RUNNING')
  rmSync(filler)
  const job = await jobEnd(api, started)
  expect(job).toMatchObject({ state: 'COMPLETED', problem: null, tasks: [{ exitCode: 0 }, { state: 'COMPLETED' }] })
  expect((await readArchives(api, repository.id)).map(({ name }) => name)).toEqual([job.archive?.name])
  expect(server.output()).toContain('the records can be written again')
  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
})
