import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { deviceProblem } from '../../../../server/folders/devices.ts'
import type { ApiClient } from '../../../support/api-client.ts'
import { jobEnd, jobWhere, readyRepository, startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let api: ApiClient
let repositoryId: string

beforeAll(async () => {
  api = await (await startServer()).setUp()
  repositoryId = (await readyRepository(api)).id
})

const readSpecial = true

/** A block device with some content; null where none can be made, as without the rights of root. */
const loopDevice = (): string | null => {
  const image = join(temporaryFolder(), 'image')
  writeFileSync(image, 'on the device')
  truncateSync(image, 1024 * 1024)
  try {
    const path = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8', stdio: 'pipe' }).trim()
    onTestFinished(() => void execFileSync('losetup', ['--detach', path]))
    return path
  } catch {
    return null
  }
}

const fifo = () => {
  const path = join(temporaryFolder(), 'fifo')
  execFileSync('mkfifo', [path])
  return path
}

const only = 'only block devices and regular files can be read as they are, since the rest may have no end.'

describe('where devices are read', () => {
  test.each<[string, () => string, string]>([
    ['a folder', smallSource, 'is a folder'],
    ['a FIFO', fifo, 'is a FIFO'],
    ['a character device', () => '/dev/zero', 'is a character device'],
  ])('%s is refused, which may have no end', async (_, make, problem) => {
    const source = make()
    expect(await startBackup(api, repositoryId, [source], { readSpecial })).toMatchObject({
      __typename: 'LocationUnusable',
      message: `${source} ${problem}: ${only}`,
    })
  })

  test('a device is backed up with what is on it, behind a link too, and is refused otherwise', async ({ skip }) => {
    const device = loopDevice()
    if (device === null) return skip('no block device can be made here')
    const link = join(temporaryFolder(), 'volume')
    symlinkSync(device, link)
    const job = await jobEnd(api, await startBackup(api, repositoryId, [link], { readSpecial }))
    expect(job).toMatchObject({ state: 'COMPLETED', archive: { incompleteReason: null } })
    expect(job.archive?.originalSize).toBeGreaterThanOrEqual(1024 * 1024)
    expect(await startBackup(api, repositoryId, [device])).toMatchObject({ __typename: 'LocationUnusable' })
  })

  test('a file that has become a FIFO by the time that the job runs is not read, and fails the backup', async () => {
    const source = join(temporaryFolder(), 'image')
    writeFileSync(source, 'x')
    await api.query('mutation { pauseQueue(input: {}) { __typename } }')
    const queued = await startBackup(api, repositoryId, [source], { readSpecial })
    await jobWhere(api, queued, ({ state }) => state === 'QUEUED')
    renameSync(source, `${source}-moved`)
    execFileSync('mkfifo', [source])
    await api.query('mutation { resumeQueue { __typename } }')
    expect(await jobEnd(api, queued)).toMatchObject({
      state: 'FAILED',
      archive: { incompleteReason: `${JSON.stringify(source)} was not read, because it is a FIFO: ${only}` },
    })
  })
})

test('the device that Borgitory’s own files lie on is never read', async ({ skip }) => {
  const own = temporaryFolder()
  mkdirSync(join(own, 'data'))
  const { dev } = statSync(own)
  const node = join(temporaryFolder(), 'disk')
  const [major, minor] = [(dev >>> 8) & 0xfff, (dev & 0xff) | ((dev >>> 12) & 0xfff00)]
  if (process.getuid?.() !== 0) return skip('only root can make a device')
  execFileSync('mknod', [node, 'b', String(major), String(minor)])
  expect(await deviceProblem(node, [join(own, 'data')])).toBe('holds Borgitory’s own data, which no backup may hold.')
  expect(await deviceProblem(join(own, 'missing'), [own])).toBeNull()
})
