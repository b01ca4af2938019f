import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import { cleanUpAfter } from '../../../support/cleanup.ts'
import {
  cancelJob,
  type JobAnswer,
  jobEnd,
  jobWhere,
  passphrase,
  readLines,
  readyRepository,
  type Started,
  startBackup,
  startRefresh,
} from '../../../support/jobs.ts'
import { holdLock } from '../../../support/lock.ts'
import { startServer } from '../../../support/server.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Holds the data folder, the key and the records, each in a place of its own, and a file of somebody else in each of them. */
const outside = temporaryFolder()
const dataFolder = join(outside, 'app', 'data folder')
const keyFile = join(outside, 'keys', 'the.key')
const records = join(outside, 'db', 'records.sqlite')
const others = ['app/other', 'keys/other', 'db/other', 'db/records.sqlite.txt']

let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  for (const folder of ['app', 'keys', 'db']) mkdirSync(join(outside, folder))
  for (const other of others) writeFileSync(join(outside, other), 'of somebody else')
  const environment = { BORGITORY_SECRET_KEY_FILE: keyFile, DATABASE_URL: `file:${records}` }
  api = await (await startServer({ dataFolder, environment })).setUp()
  repository = await readyRepository(api)
})

/** The paths of the files in the archive of a job, as borg itself lists them. */
const filesIn = async ({ archive }: JobAnswer) => {
  const location = `${repository.location}::${archive?.name}`
  const listed = await borg(['list', '--format', '{type}{path}{NUL}', location], { passphrase })
  return listed.split('\0').flatMap((entry) => (entry.startsWith('-') ? [entry.slice(1)] : []))
}

const inSource = (source: string, files: readonly string[]) => files.map((file) => join(source, file).slice(1)).sort()

const leftOut = (source: string) => [
  `Left out, because Borgitory keeps its own data there: ${join(source, 'app/data folder')}`,
  `Left out, because Borgitory keeps its own data there: ${join(source, 'keys/the.key')}`,
  `Left out, because Borgitory keeps its own data there: ${join(source, 'db/records.sqlite')}`,
]

/** All that a person can say to have something taken along. */
const inclusions = (source: string) =>
  [
    'app/data folder',
    'app/data folder/secret.key',
    'app/data folder/borg',
    'keys/the.key',
    'db/records.sqlite',
  ].flatMap((path) => [
    { action: 'INCLUDE', style: 'PF', pattern: join(source, path) },
    { action: 'INCLUDE', style: 'PP', pattern: join(source, path) },
    { action: 'INCLUDE', style: 'RE', pattern: '.' },
  ])

describe('what Borgitory keeps for itself', () => {
  test('is left out of a backup of what is around it, whatever the patterns say, and that is said', async () => {
    for (const patterns of [[], inclusions(outside)]) {
      const job = await jobEnd(api, await startBackup(api, repository.id, [outside], { patterns }))
      expect(job).toMatchObject({ state: 'COMPLETED', archive: { incompleteReason: null } })
      expect((await filesIn(job)).sort()).toEqual(inSource(outside, others))
      expect(await readLines(api, job.tasks[0]?.id ?? '')).toEqual(expect.arrayContaining(leftOut(outside)))
    }
  })

  test('is left out of a dry run too', async () => {
    const { startDryRun } = await api.query<{ startDryRun: Started }>(
      'mutation ($input: StartDryRunInput!) { startDryRun(input: $input) { __typename ... on Job { id } ... on Problem { message } } }',
      { input: { repositoryId: repository.id, sources: [outside], patterns: inclusions(outside) } },
    )
    const job = await jobEnd(api, startDryRun)
    const lines = await readLines(api, job.tasks[0]?.id ?? '')
    expect(lines).toEqual(expect.arrayContaining(leftOut(outside)))
    expect(lines).toContain(`- ${join(outside, 'keys/other')}`)
    expect(lines.filter((line) => /^- .*(the\.key|data folder|records\.sqlite(?!\.txt))/.test(line))).toEqual([])
  })

  test('is left out where it is mounted a second time, whole or in part', async () => {
    const source = temporaryFolder()
    const bind = (from: string, name: string) => {
      mkdirSync(join(source, name))
      execFileSync('mount', ['--bind', from, join(source, name)])
      cleanUpAfter(() => void execFileSync('umount', ['--lazy', join(source, name)]))
    }
    bind(outside, 'again')
    bind(join(dataFolder, 'borg'), 'part')
    writeFileSync(join(source, 'file'), 'text')
    const job = await jobEnd(api, await startBackup(api, repository.id, [source]))
    expect(job).toMatchObject({ state: 'COMPLETED' })
    expect((await filesIn(job)).sort()).toEqual(inSource(source, [...others.map((other) => `again/${other}`), 'file']))
  })

  test('is no source, also where a link above it leads there by the time that borg runs', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'link/borg'), { recursive: true })
    const there = join(folder, 'there')
    mkdirSync(there)
    writeFileSync(join(there, 'file'), 'text')
    const source = join(folder, 'link/borg')
    const lock = await holdLock(repository.location, { passphrase })
    const first = await startRefresh(api, repository.id)
    await jobWhere(api, first, ({ tasks }) => tasks[0]?.progress.message != null)
    const queued = await startBackup(api, repository.id, [there, source])
    renameSync(join(folder, 'link'), join(folder, 'moved'))
    symlinkSync(dataFolder, join(folder, 'link'))
    await lock.release()
    await cancelJob(api, first.id)
    const job = await jobEnd(api, queued)
    const incompleteReason = `Borgitory’s own files are never backed up: ${JSON.stringify(source)}.`
    expect(job).toMatchObject({ state: 'FAILED', archive: { incompleteReason } })
    expect(job.problem).toContain(incompleteReason)
    expect(await filesIn(job)).toEqual(inSource(there, ['file']))
  })

  test('fails the backup where a link changes while borg waits for its lock', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'link/data folder'), { recursive: true })
    const source = join(folder, 'link/data folder')
    const lock = await holdLock(repository.location, { passphrase })
    const started = await startBackup(api, repository.id, [source])
    await jobWhere(api, started, ({ tasks }) => tasks[0]?.progress.message != null)
    renameSync(join(folder, 'link'), join(folder, 'moved'))
    symlinkSync(join(outside, 'app'), join(folder, 'link'))
    await lock.release()
    expect(await jobEnd(api, started)).toMatchObject({
      state: 'FAILED',
      archive: {
        incompleteReason: `A link was changed meanwhile and leads to Borgitory’s own data, which may be inside: ${JSON.stringify(source)}.`,
      },
    })
  })
})
