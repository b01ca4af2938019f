import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import {
  type JobAnswer,
  jobEnd,
  passphrase,
  readLines,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { startServer, type TestServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'

let server: TestServer
let api: ApiClient
let repository: { id: string; location: string }
let source: string
let cache: string
let security: string

beforeAll(async () => {
  server = await startServer({ isUnprivileged: true })
  api = await server.setUp()
  repository = await readyRepository(api, { lockWait: 1 })
  source = smallSource()
  expect(await jobEnd(api, await startBackup(api, repository.id, [source]))).toMatchObject({ state: 'COMPLETED' })
  const borgId = /^id = (\w+)$/m.exec(readFileSync(join(repository.location, 'config'), 'utf8'))?.[1] ?? ''
  cache = join(server.dataFolder, 'borg/.cache/borg', borgId)
  security = join(server.dataFolder, 'borg/.config/borg/security', borgId)
})

const backUp = async () => jobEnd(api, await startBackup(api, repository.id, [source]))
const linesOf = (job: JobAnswer) => readLines(api, job.tasks[0]?.id ?? '')

const rubbish = Buffer.from([0xff, 0xfe, 0x00])

describe('borg’s cache', () => {
  const removed = /^Borg could not read its cache of this repository \(.+\): it was removed, and is built anew\.$/

  test.each<[string, () => void]>([
    ['an empty config', () => writeFileSync(join(cache, 'config'), '')],
    ['chunks that are cut short', () => writeFileSync(join(cache, 'chunks'), 'BORG_IDX')],
    ['a list of files that is rubbish', () => writeFileSync(join(cache, 'files'), Buffer.from([0xc1, 0xc1]))],
    [
      'a file in its place',
      () => {
        rmSync(cache, { recursive: true })
        writeFileSync(cache, '')
      },
    ],
    [
      'nothing in it',
      () => {
        rmSync(cache, { recursive: true })
        mkdirSync(cache)
      },
    ],
  ])('is built anew where it has %s, and the backup says so', async (_what, damage) => {
    damage()
    const job = await backUp()
    expect(job).toMatchObject({ state: 'COMPLETED', problem: null, tasks: [{ exitCode: 0 }, {}] })
    expect(await linesOf(job)).toContainEqual(expect.stringMatching(removed))
  })

  test('is freed of a lock that a borg left behind which is gone', async () => {
    mkdirSync(join(cache, 'lock.exclusive'))
    writeFileSync(join(cache, 'lock.exclusive', 'elsewhere.example@1.5-0'), '')
    const job = await backUp()
    expect(job).toMatchObject({ state: 'COMPLETED' })
    expect(await linesOf(job)).toContain('A lock that was left behind in borg’s cache of this repository was removed.')
  })

  test('is left as it is where it may not be written, and the way out is said', async () => {
    chmodSync(cache, 0o500)
    const job = await backUp()
    chmodSync(cache, 0o700)
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: expect.stringMatching(
        `^Permission denied: .*${cache}.* Let the user that Borgitory runs as write in its data folder\\. Nothing was changed\\.$`,
      ),
    })
    expect(await backUp()).toMatchObject({ state: 'COMPLETED' })
  })

  test('is built anew also for a list of the archives', async () => {
    writeFileSync(join(cache, 'config'), 'rubbish\n')
    const job = await jobEnd(api, await startRefresh(api, repository.id))
    expect(job).toMatchObject({ state: 'COMPLETED' })
    expect(await linesOf(job)).toContainEqual(expect.stringMatching(removed))
  })
})

describe('a file by which borg knows the repository again', () => {
  const restored = (file: string) =>
    `The file ${join(security, file)}, by which borg knows the repository again, was damaged and has been restored.`

  test('is restored where it is empty or rubbish, and a nonce is raised', async () => {
    const before = new Map(['key-type', 'location'].map((file) => [file, readFileSync(join(security, file), 'utf8')]))
    const nonce = BigInt(`0x${readFileSync(join(security, 'nonce'), 'utf8')}`)
    for (const file of ['key-type', 'nonce']) writeFileSync(join(security, file), '')
    for (const file of ['location', 'manifest-timestamp']) writeFileSync(join(security, file), rubbish)
    const job = await backUp()
    expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
    const lines = await linesOf(job)
    for (const file of ['key-type', 'location', 'manifest-timestamp', 'nonce']) expect(lines).toContain(restored(file))
    for (const [file, content] of before) expect(readFileSync(join(security, file), 'utf8')).toBe(content)
    expect(BigInt(`0x${readFileSync(join(security, 'nonce'), 'utf8')}`)).toBeGreaterThanOrEqual(nonce + 2n ** 40n)
    expect(readFileSync(join(repository.location, 'nonce'), 'utf8')).toBe(readFileSync(join(security, 'nonce'), 'utf8'))
    await borg(['check', '--verify-data', repository.location], { passphrase })
  })

  test('is restored also where borg itself would take it for nothing to protect', async () => {
    const before = new Map(['location', 'nonce'].map((file) => [file, readFileSync(join(security, file), 'utf8')]))
    for (const file of ['location', 'manifest-timestamp']) writeFileSync(join(security, file), '')
    const job = await jobEnd(api, await startRefresh(api, repository.id))
    expect(await linesOf(job)).toContain(restored('manifest-timestamp'))
    for (const [file, content] of before) expect(readFileSync(join(security, file), 'utf8')).toBe(content)
    expect(readFileSync(join(security, 'manifest-timestamp'), 'utf8')).toMatch(/^20\d\d-/)
  })

  test('keeps protecting: a repository that is older than it says is refused', async () => {
    const file = join(security, 'manifest-timestamp')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, '2999-01-01T00:00:00.000000')
    expect(await backUp()).toMatchObject({ state: 'FAILED', problem: expect.stringContaining('that can be an attack') })
    expect(readFileSync(file, 'utf8')).toBe('2999-01-01T00:00:00.000000')
    writeFileSync(file, before)
  })

  test('is left to a person where nobody can tell what it was', async () => {
    const [own, other] = [join(security, 'nonce'), join(repository.location, 'nonce')]
    const before = readFileSync(own, 'utf8')
    writeFileSync(own, '')
    rmSync(other)
    expect(await backUp()).toMatchObject({
      state: 'FAILED',
      problem: expect.stringMatching(
        `The file ${own}, by which borg knows this repository again, is damaged\\. If you are sure .* remove that file and try again\\. Archives made before are whole\\.$`,
      ),
    })
    writeFileSync(own, before)
    writeFileSync(other, before)
    expect(await backUp()).toMatchObject({ state: 'COMPLETED' })
  })
})
