import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { jobEnd, jobWhere, readyRepository, type Started, startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { createPlan, updatePlan } from '../../plans/plans.ts'

let api: ApiClient
let repositoryId: string

beforeAll(async () => {
  api = await (await startServer()).setUp()
  repositoryId = (await readyRepository(api)).id
})

const fifo = (path = join(temporaryFolder(), 'fifo')) => {
  execFileSync('mkfifo', [path])
  return path
}

const socket = async (path = join(temporaryFolder(), 'socket')) => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  // Closing it would take the socket away.
  server.unref()
  return path
}

/** Only root may make a device; one that every system has stands for them. */
const device = (letter: 'b' | 'c') => {
  if (process.getuid?.() !== 0) return letter === 'c' ? '/dev/null' : null
  const path = join(temporaryFolder(), 'device')
  execFileSync('mknod', [path, letter, '7', '0'])
  return path
}

const startDryRun = async (sources: readonly string[]) => {
  const answer = await api.query<{ startDryRun: Started }>(
    `mutation ($input: StartDryRunInput!) {
      startDryRun(input: $input) { __typename ... on Job { id } ... on Problem { message } }
    }`,
    { input: { repositoryId, sources } },
  )
  return answer.startDryRun
}

describe('a source that is neither a folder nor a regular file', () => {
  test.each<[string, () => Promise<string | null> | string | null]>([
    ['a FIFO', () => fifo()],
    ['a socket', () => socket()],
    ['a character device', () => device('c')],
    ['a block device', () => device('b')],
  ])('is refused wherever one is named: %s', async (kind, make) => {
    const source = await make()
    if (source === null) return
    const refused = {
      __typename: 'LocationUnusable',
      message: `${source} is ${kind}: only folders and regular files can be backed up.`,
    }
    const sources = [smallSource(), source]
    expect(await startBackup(api, repositoryId, sources)).toMatchObject(refused)
    expect(await startDryRun(sources)).toMatchObject(refused)
    const input = { name: `plan for ${kind}`, repositoryId, settings: { sources } }
    expect(await createPlan(api, input)).toMatchObject(refused)
    const { id } = await createPlan(api, { ...input, settings: { sources: [smallSource()] } })
    expect(await updatePlan(api, { id, settings: { sources } })).toMatchObject(refused)
  })

  test('is refused behind a link, and no other choice is offered', async () => {
    const link = join(temporaryFolder(), 'link')
    const target = fifo()
    symlinkSync(target, link)
    expect((await startBackup(api, repositoryId, [link])).message).toBe(
      `${link} is a symbolic link to ${target}, which is a FIFO: only folders and regular files can be backed up.`,
    )
    rmSync(target)
    expect((await startBackup(api, repositoryId, [link])).message).toBe(
      `${link} is a symbolic link that leads nowhere: only folders and regular files can be backed up.`,
    )
  })
})

describe('a source that has become', () => {
  const pause = () => api.query('mutation { pauseQueue(input: {}) { __typename } }')
  const resume = () => api.query('mutation { resumeQueue { __typename } }')

  test.each<[string, (path: string) => Promise<string> | string]>([
    ['a FIFO', fifo],
    ['a socket', socket],
  ])('%s by the time that the job runs fails the backup, and a dry run warns of it', async (kind, become) => {
    const there = smallSource()
    const replaced = join(temporaryFolder(), 'replaced')
    mkdirSync(replaced)
    await pause()
    const queued = await startBackup(api, repositoryId, [there, replaced])
    const dryRun = await startDryRun([there, replaced])
    await jobWhere(api, queued, ({ state }) => state === 'QUEUED')
    renameSync(replaced, `${replaced}-moved`)
    await become(replaced)
    await resume()

    const incompleteReason = `Sources left out: ${JSON.stringify(replaced)} (${kind}).`
    expect(await jobEnd(api, queued)).toMatchObject({ state: 'FAILED', archive: { incompleteReason } })
    expect(await jobEnd(api, dryRun)).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: `${incompleteReason} A backup would be incomplete and fail.`,
    })
  })
})

test('a source of which borg takes nothing and says nothing fails the backup', async () => {
  const folder = temporaryFolder()
  const [first, second] = [join(folder, 'first'), join(folder, 'second')]
  writeFileSync(first, 'the same file')
  linkSync(first, second)
  const reason = `the same as ${JSON.stringify(first)}`
  expect(await jobEnd(api, await startBackup(api, repositoryId, [first, second]))).toMatchObject({
    state: 'FAILED',
    archive: { incompleteReason: `Sources left out: ${JSON.stringify(second)} (${reason}).` },
  })
  rmSync(second)
  writeFileSync(second, 'another file')
  expect(await jobEnd(api, await startBackup(api, repositoryId, [first, second]))).toMatchObject({ state: 'COMPLETED' })
})

test('a source that rules leave out is left out as was asked for', async () => {
  const [kept, left] = [smallSource(), smallSource()]
  const patterns = [{ action: 'EXCLUDE', style: 'PP', pattern: left }]
  expect(await jobEnd(api, await startBackup(api, repositoryId, [kept, left], { patterns }))).toMatchObject({
    state: 'COMPLETED',
    archive: { incompleteReason: null },
  })
})
