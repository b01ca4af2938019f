import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import {
  cancelJob,
  jobEnd,
  jobWhere,
  passphrase,
  readArchives,
  readLines,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { holdLock } from '../../../support/lock.ts'
import { pathOfUnprivilegedBorg } from '../../../support/programs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  api = await (await startServer({ environment: { PATH: pathOfUnprivilegedBorg() } })).setUp()
  repository = await readyRepository(api)
})

const problemsOf = (job: Awaited<ReturnType<typeof jobEnd>>) =>
  job.tasks[0]?.fileProblems.edges.map(({ node }) => node) ?? []

/** The paths in an archive, as borg itself lists them, separated by NUL. */
const pathsIn = async (name = '') => {
  const listed = await borg(['list', '--format', '{path}{NUL}', `${repository.location}::${name}`], { passphrase })
  return listed.split('\0')
}

describe('a source that is missing', () => {
  test('fails the backup; what there was is kept in an archive that is shown as incomplete', async () => {
    const there = smallSource()
    const missing = join(temporaryFolder(), 'no such\nfolder')
    const job = await jobEnd(api, await startBackup(api, repository.id, [there, missing]))
    const incompleteReason = `Sources left out: ${JSON.stringify(missing)} (No such file or directory).`
    const problem = `${incompleteReason} What there was is in the archive ${job.archive?.name}, which is marked incomplete.`
    expect(job).toMatchObject({
      state: 'FAILED',
      problem,
      archive: { incompleteReason, fileCount: 3 },
      tasks: [
        { kind: 'BACKUP', state: 'FAILED', exitCode: 1, problem },
        { kind: 'LIST', state: 'COMPLETED', problem: null },
      ],
    })
    expect(problemsOf(job)).toMatchObject([{ path: missing, message: expect.stringContaining('[Errno 2]') }])
    expect(await readArchives(api, repository.id)).toContainEqual(job.archive)
    expect(await pathsIn(job.archive?.name)).toContain(`${there.slice(1)}/file-0`)
  })

  test('fails the backup also where it is the only one', async () => {
    const job = await jobEnd(api, await startBackup(api, repository.id, ['/no/such/folder']))
    expect(job).toMatchObject({
      state: 'FAILED',
      archive: { incompleteReason: 'Sources left out: "/no/such/folder" (No such file or directory).' },
    })
  })

  test('is also one that may not be read', async () => {
    const closed = smallSource()
    chmodSync(closed, 0)
    const job = await jobEnd(api, await startBackup(api, repository.id, [closed, smallSource()]))
    expect(job).toMatchObject({
      state: 'FAILED',
      archive: { incompleteReason: `Sources left out: ${JSON.stringify(closed)} (Permission denied).` },
    })
  })
})

describe('a source that has become a link by the time that the job runs', () => {
  test('fails the backup, and its archive is shown as incomplete', async () => {
    const there = smallSource()
    const replaced = smallSource()
    const lock = await holdLock(repository.location, { passphrase })
    const first = await startRefresh(api, repository.id)
    await jobWhere(api, first, ({ tasks }) => tasks[0]?.progress.message != null)
    const queued = await startBackup(api, repository.id, [there, replaced])
    await jobWhere(api, queued, ({ state }) => state === 'QUEUED')
    renameSync(replaced, `${replaced}-moved`)
    symlinkSync(`${replaced}-moved`, replaced)
    await lock.release()
    await cancelJob(api, first.id)

    const job = await jobEnd(api, queued)
    const incompleteReason = `Sources left out: ${JSON.stringify(replaced)} (a symbolic link).`
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: `${incompleteReason} What there was is in the archive ${job.archive?.name}, which is marked incomplete.`,
      archive: { incompleteReason, fileCount: 3 },
    })
    expect(await pathsIn(job.archive?.name)).not.toContain(`${replaced.slice(1)}/file-0`)
  })
})

describe('a file that cannot be read', () => {
  test('is listed, and the backup completes with warnings', async () => {
    const source = smallSource()
    chmodSync(join(source, 'file-1'), 0)
    mkdirSync(join(source, 'closed'))
    chmodSync(join(source, 'closed'), 0)
    const job = await jobEnd(api, await startBackup(api, repository.id, [source]))
    expect(job).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: '2 files were not backed up as a whole.',
      archive: { incompleteReason: null },
      tasks: [
        { state: 'COMPLETED_WITH_WARNINGS', exitCode: 1, fileProblemCount: 2 },
        { kind: 'LIST', state: 'COMPLETED' },
      ],
    })
    const problems = problemsOf(job)
    expect(problems.map(({ path }) => path).sort()).toEqual([join(source, 'closed'), join(source, 'file-1')])
    for (const { message } of problems) expect(message).toContain('Permission denied')
    const paths = await pathsIn(job.archive?.name)
    expect(paths).toContain(`${source.slice(1)}/file-0`)
    expect(paths).not.toContain(`${source.slice(1)}/file-1`)
    const lines = await readLines(api, job.tasks[0]?.id ?? '')
    expect(lines).toContainEqual(expect.stringMatching(/^WARNING: \S+\/file-1: .*Permission denied/))
  })
})

describe('names of files', () => {
  const names = ['new\nline', 'tab\tand\u001b[31mred', `'single' "double"`, '<script>alert(1)', '-rf', '--', '{now}']

  test('may be anything: each is backed up, and shown on one line', async () => {
    const source = join(temporaryFolder(), '-source')
    mkdirSync(source)
    for (const name of names) writeFileSync(join(source, name), name)
    writeFileSync(Buffer.concat([Buffer.from(`${source}/invalid-`), Buffer.from([0xff, 0xfe])]), 'bytes')
    const job = await jobEnd(api, await startBackup(api, repository.id, [source]))
    expect(job).toMatchObject({ state: 'COMPLETED', archive: { fileCount: names.length + 1 } })

    const paths = await pathsIn(job.archive?.name)
    for (const name of names) expect(paths).toContain(`${source.slice(1)}/${name}`)
    const lines = await readLines(api, job.tasks[0]?.id ?? '')
    expect(lines).toContain(`A ${source}/new\\nline`)
    expect(lines).toContain(`A ${source}/tab\\tand\\u001b[31mred`)
    expect(lines).toContain(`A ${source}/<script>alert(1)`)
    expect(lines.filter((line) => line.startsWith(`A ${source}/invalid-`))).toHaveLength(1)
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  })

  test('may be anything also where the file cannot be read, or is a source itself', async () => {
    const folder = temporaryFolder()
    const sources = names.map((name) => join(folder, name))
    for (const source of sources) {
      mkdirSync(source)
      writeFileSync(join(source, 'unreadable\n: [Errno'), 'text')
      chmodSync(join(source, 'unreadable\n: [Errno'), 0)
    }
    const job = await jobEnd(api, await startBackup(api, repository.id, sources))
    expect(job).toMatchObject({ state: 'COMPLETED_WITH_WARNINGS', archive: { incompleteReason: null, fileCount: 0 } })
    expect(problemsOf(job).map(({ path }) => path)).toEqual(sources.map((source) => `${source}/unreadable\n: [Errno`))
    const paths = await pathsIn(job.archive?.name)
    for (const source of sources) expect(paths).toContain(source.slice(1))
  })
})

test('a file with several names is taken by all of them, also where it is a source of its own', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'within'))
  writeFileSync(join(folder, 'file'), 'content')
  for (const name of ['within/one', 'within/two']) linkSync(join(folder, 'file'), join(folder, name))
  const sources = [join(folder, 'file'), join(folder, 'within')]
  const job = await jobEnd(api, await startBackup(api, repository.id, sources))
  expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
  const names = ['file', 'within', 'within/one', 'within/two'].map((name) => join(folder, name).slice(1))
  expect((await pathsIn(job.archive?.name)).filter((path) => path !== '').toSorted()).toEqual(names.toSorted())
})
