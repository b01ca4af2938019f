import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signIn } from '../../support/api-client.ts'
import {
  cancelJob,
  createRepository,
  importRepository,
  jobEnd,
  jobWhere,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { hangingFolder } from '../../support/mounts.ts'
import { startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const silence = 'does not answer: the disk or the server that it is on may be gone.'

test('a disk that does not answer holds up who asks for it, for a while, and nobody else', async () => {
  const dataFolder = temporaryFolder()
  const server = await startServer({ dataFolder })
  const api = await server.setUp()
  const healthy = await readyRepository(api)

  // A repository whose disk goes silent.
  const disk = join(temporaryFolder(), 'disk')
  const before = temporaryFolder()
  symlinkSync(before, disk)
  const location = join(disk, 'repository')
  const repository = await readyRepository(api, { location })
  const mounts = temporaryFolder()
  for (const name of ['alive', 'dead']) mkdirSync(join(mounts, name))
  const hanging = await hangingFolder(join(mounts, 'dead'))
  rmSync(disk)
  symlinkSync(hanging.path, disk)

  const inside = join(hanging.path, 'folder')
  const folder = async (path: string) =>
    (
      await api.query<{ folder: { message?: string; folders?: { name: string; isReadable: boolean }[] } }>(
        `query ($path: String!) {
          folder(path: $path) { ... on Folder { folders { name isReadable } } ... on Problem { message } }
        }`,
        { path },
      )
    ).folder
  const failed = startRefresh(api, repository.id)
  // More than this process has threads to look with.
  const refused = Promise.all([
    folder(hanging.path),
    folder(inside),
    startBackup(api, healthy.id, ['/usr/share/doc/bash', inside]),
    startBackup(api, repository.id, ['/usr/share/doc/bash']),
    createRepository(api, { location: inside }),
    importRepository(api, { location: hanging.path }),
  ])

  const besides = Array.from({ length: 5 }, () => folder(mounts))
  const backup = await startBackup(api, healthy.id, ['/usr/share/doc/bash'])
  expect(await jobEnd(api, backup)).toMatchObject({ state: 'COMPLETED' })
  expect((await api.fetch('/', { headers: { accept: 'text/html' } })).status).toBeLessThan(504)
  expect((await folder('/usr/share')).folders?.length).toBeGreaterThan(1)
  // What does not answer is no reason not to make another one.
  await readyRepository(api)

  const folders = [
    { name: 'alive', isReadable: true },
    { name: 'dead', isReadable: false },
  ]
  for (const beside of await Promise.all(besides)) expect(beside).toEqual({ folders })
  expect((await refused).map(({ message }) => message)).toEqual(
    [hanging.path, inside, inside, location, inside, hanging.path].map((path) => `${path} ${silence}`),
  )
  expect(await jobEnd(api, await failed)).toMatchObject({
    state: 'FAILED',
    problem: expect.stringContaining(`${location} ${silence}`),
    repository: { problem: expect.stringContaining(`${location} ${silence}`) },
  })

  const job = await startRefresh(api, repository.id)
  await jobWhere(api, job, ({ state }) => state === 'RUNNING')
  await cancelJob(api, job.id)
  expect(await jobEnd(api, job)).toMatchObject({ state: 'CANCELLED' })

  const cut = await startRefresh(api, repository.id)
  await jobWhere(api, cut, ({ state }) => state === 'RUNNING')
  await server.kill()
  const again = await startServer({ dataFolder })
  const client = again.client()
  await signIn(client)
  expect(await jobEnd(client, cut)).toMatchObject({ state: 'INTERRUPTED' })
  expect(again.output()).toContain('a repository does not answer: a lock that was left behind stays')
  expect(await again.stop()).toBe(0)
})
