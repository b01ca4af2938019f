import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { firstProgress, jobEnd, jobWhere, readArchives, readyRepository, startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../../support/sources.ts'

test('records that another program locks end no backup, and keep nobody from reading meanwhile', {
  timeout: 120_000,
}, async () => {
  const server = await startServer()
  const api = await server.setUp()
  const repository = await readyRepository(api)
  const started = await startBackup(api, repository.id, [largeSource(12)], slowly)
  await firstProgress(api, started)
  const other = new Sqlite(join(server.dataFolder, 'borgitory.sqlite'))

  other.exec('BEGIN EXCLUSIVE')
  const asking = Promise.allSettled([startBackup(api, repository.id, [smallSource()])])
  let slowest = 0
  // For longer than one write waits: until it is given up, and the next one is tried.
  while (!server.output().includes('the records cannot be written; trying again')) {
    const begun = performance.now()
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect((await jobWhere(api, started, () => true)).state).toBe('RUNNING')
    slowest = Math.max(slowest, performance.now() - begun)
  }
  other.exec('ROLLBACK')
  other.close()

  // It would be ten seconds where the lock is waited for in place.
  expect(slowest).toBeLessThan(5000)
  const job = await jobEnd(api, started)
  expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
  expect((await readArchives(api, repository.id)).map(({ name }) => name)).toContain(job.archive?.name)
  // Asked for while the lock was held, which was given up: nothing of it is there.
  expect((await asking)[0].status).toBe('rejected')
  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
})
