import { rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { borg } from '../../support/borg.ts'
import {
  importRepository,
  jobEnd,
  passphrase,
  readLines,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { findProgram, writeProgram } from '../../support/programs.ts'
import { openRecords } from '../../support/records.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createPlan } from '../plans/plans.ts'

/** Borg, but for what a file of this folder has it fail at. */
const folder = temporaryFolder()
writeProgram(
  folder,
  'borg',
  `[ "$1" = rename ] && [ -e '${folder}/no-rename' ] && exit 2
'${findProgram('borg')}' "$@"
status=$?
[ "$1" = create ] && [ -e '${folder}/no-end' ] && exit 2
exit $status`,
)

const whileThereIs = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  writeFileSync(join(folder, name), '')
  try {
    return await work()
  } finally {
    rmSync(join(folder, name))
  }
}

let server: TestServer
let api: ApiClient
/** Another Borgitory, which knows nothing of what the first has done. */
let elsewhere: ApiClient

beforeAll(async () => {
  const environment = { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` }
  server = await startServer({ environment })
  api = await server.setUp()
  elsewhere = await (await startServer()).setUp()
})

interface Archive {
  readonly id: string
  readonly borgId: string
  readonly name: string
  readonly comment: string
  readonly incompleteReason: string | null
  readonly planName: string | null
  readonly plan: { readonly id: string } | null
  readonly sources: readonly string[] | null
  readonly fileCount: number | null
  readonly job: { readonly id: string } | null
}

interface Repository {
  readonly latestArchive: { readonly name: string } | null
  readonly archives: { readonly edges: readonly { readonly node: Archive }[] }
}

const read = async (client: ApiClient, id: string) => {
  const { node } = await client.query<{ node: Repository }>(
    `query ($id: ID!) { node(id: $id) { ... on Repository {
      latestArchive { name }
      archives(first: 100) { edges { node {
        id borgId name comment incompleteReason planName plan { id } sources fileCount job { id }
      } } }
    } } }`,
    { id },
  )
  return { latest: node.latestArchive?.name ?? null, archives: node.archives.edges.map((edge) => edge.node) }
}

const importInto = async (client: ApiClient, location: string) => {
  const job = await jobEnd(client, await importRepository(client, { location, passphrase, isMoved: true }))
  expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
  return job.repository?.id ?? ''
}

const remove = (client: ApiClient, id: string) =>
  client.query('mutation ($id: ID!) { deleteRepository(input: {id: $id}) { __typename } }', { id })

/** What borg itself lists. */
const listed = async (location: string): Promise<readonly { id: string; name: string; comment: string }[]> =>
  JSON.parse(await borg(['list', '--json', '--format', '{comment}', location], { passphrase })).archives

const missingFolder = '/no/such/folder'
const incompleteReason = `Sources left out: ${JSON.stringify(missingFolder)} (No such file or directory).`

describe('which plan made an archive', () => {
  test('is in the repository and in the archive’s own row, whatever becomes of jobs, plan and records', async () => {
    const repository = await readyRepository(api)
    const source = smallSource()
    const settings = { sources: [source], comment: 'by {hand}\nof mine' }
    const plan = await createPlan(api, { name: 'Fötos {1} "x"', repositoryId: repository.id, settings })
    const run = async () => {
      const { startBackup: job } = await api.query<{ startBackup: Parameters<typeof jobEnd>[1] }>(
        `mutation ($planId: ID!) { startBackup(input: { planId: $planId }) {
          ... on Problem { message } ... on Job { id } } }`,
        { planId: plan.id },
      )
      return jobEnd(api, job)
    }
    const job = await run()
    expect(job).toMatchObject({ state: 'COMPLETED', archive: { comment: 'by {hand}\nof mine' } })
    const facts = { job: atob(job.id).slice('Job:'.length), plan: atob(plan.id).slice('BackupPlan:'.length) }
    expect((await listed(repository.location)).map(({ comment }) => comment)).toEqual([
      `by {hand}\nof mine\nborgitory: ${JSON.stringify({ ...facts, planName: plan.name })}`,
    ])

    // As the history does with jobs after a year.
    const db = await openRecords(join(server.dataFolder, 'borgitory.sqlite'))
    await db.job.deleteMany({})
    const kept = { comment: 'by {hand}\nof mine', planName: plan.name, incompleteReason: null }
    expect((await read(api, repository.id)).archives).toMatchObject([
      { ...kept, job: null, plan: { id: plan.id }, sources: [source] },
    ])
    const again = await run()
    expect(again.tasks[0]?.progress.expectedOriginalSize).toBeGreaterThan(0)

    const id = await importInto(elsewhere, repository.location)
    expect((await read(elsewhere, id)).archives).toMatchObject([kept, kept])
    await remove(api, repository.id)
    const imported = await read(api, await importInto(api, repository.location))
    expect(imported.archives).toMatchObject([
      { ...kept, plan: null, job: { id: again.id }, sources: [source] },
      { ...kept, plan: null, job: null, sources: null },
    ])
  })
})

describe('that an archive is incomplete', () => {
  test('is said by its name, to borg and to whoever imports the repository', async () => {
    const repository = await readyRepository(api)
    const settings = { archiveName: '{{same}}', comment: 'mine' }
    const job = await jobEnd(api, await startBackup(api, repository.id, [smallSource(), missingFolder], settings))
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: `${incompleteReason} What there was is in the archive {same}.incomplete, which is marked incomplete.`,
      archive: { name: '{same}.incomplete', incompleteReason, comment: 'mine', fileCount: 3 },
      tasks: [
        { kind: 'BACKUP', state: 'FAILED', exitCode: 1, commandLine: expect.stringMatching(/^borg create /) },
        { kind: 'LIST', state: 'COMPLETED' },
      ],
    })
    expect(await readLines(api, job.tasks[0]?.id ?? '')).toContainEqual(
      expect.stringMatching(/^--- Marks the archive as incomplete: borg rename .*\{\{same\}\}\.incomplete/),
    )
    const [archive] = await listed(repository.location)
    expect(archive).toMatchObject({ name: '{same}.incomplete', comment: expect.stringMatching(/^mine\nborgitory: /) })
    const { latest, archives } = await read(api, repository.id)
    expect(latest).toBeNull()
    expect(archives).toMatchObject([{ id: job.archive?.id, borgId: archive?.id }])

    // The names of further ones are free, and those that are whole are not marked.
    const second = await jobEnd(api, await startBackup(api, repository.id, [smallSource(), missingFolder], settings))
    expect(second.archive?.name).toBe('{same}.incomplete.2')
    const whole = await jobEnd(api, await startBackup(api, repository.id, [smallSource()], settings))
    expect(whole).toMatchObject({ state: 'COMPLETED', archive: { name: '{same}', incompleteReason: null } })

    const marked = { incompleteReason: expect.stringMatching(/^Its name says that it is incomplete/), comment: 'mine' }
    for (const client of [elsewhere, api]) {
      if (client === api) await remove(api, repository.id)
      const imported = await read(client, await importInto(client, repository.location))
      expect(imported.latest).toBe('{same}')
      expect(imported.archives).toMatchObject([
        { name: '{same}', incompleteReason: null, comment: 'mine' },
        { name: '{same}.incomplete.2', ...marked },
        { name: '{same}.incomplete', ...marked },
      ])
    }
  })

  test('is said by the next backup where it could not be said at once', async () => {
    const repository = await readyRepository(api)
    const job = await whileThereIs('no-rename', async () =>
      jobEnd(api, await startBackup(api, repository.id, [smallSource(), missingFolder], { archiveName: 'first' })),
    )
    expect(job).toMatchObject({
      state: 'FAILED',
      problem: `${incompleteReason} What there was is in the archive first, which is marked incomplete in Borgitory’s records; its name will say so after the next backup.`,
      archive: { name: 'first', incompleteReason },
      tasks: [{ exitCode: 1, commandLine: expect.stringMatching(/^borg create /) }, { state: 'COMPLETED' }],
    })
    const next = await jobEnd(api, await startBackup(api, repository.id, [smallSource()], { archiveName: 'second' }))
    expect(next).toMatchObject({ state: 'COMPLETED', problem: null, archive: { name: 'second' } })
    expect((await listed(repository.location)).map(({ name }) => name)).toEqual(['first.incomplete', 'second'])
    expect((await read(api, repository.id)).archives).toMatchObject([
      { name: 'second' },
      { id: job.archive?.id, name: 'first.incomplete', incompleteReason, fileCount: 3 },
    ])
  })

  test('is not said of another one that has its name since', async () => {
    const repository = await readyRepository(api)
    const named = { archiveName: 'same' }
    await whileThereIs('no-rename', async () =>
      jobEnd(api, await startBackup(api, repository.id, [smallSource(), missingFolder], named)),
    )
    await borg(['delete', `${repository.location}::same`], { passphrase })
    await jobEnd(api, await startRefresh(api, repository.id))
    const whole = await jobEnd(api, await startBackup(api, repository.id, [smallSource()], named))
    expect(whole).toMatchObject({ state: 'COMPLETED', archive: { name: 'same', incompleteReason: null } })
    expect((await listed(repository.location)).map(({ name }) => name)).toEqual(['same'])
  })

  test('is known also where another Borgitory found out later', async () => {
    const repository = await readyRepository(api)
    await whileThereIs('no-rename', async () =>
      jobEnd(api, await startBackup(api, repository.id, [smallSource(), missingFolder], { archiveName: 'first' })),
    )
    const id = await importInto(elsewhere, repository.location)
    await jobEnd(api, await startBackup(api, repository.id, [smallSource()], { archiveName: 'second' }))
    await jobEnd(elsewhere, await startRefresh(elsewhere, id))
    expect(await read(elsewhere, id)).toMatchObject({
      latest: 'second',
      archives: [
        { name: 'second', incompleteReason: null },
        { name: 'first.incomplete', incompleteReason: expect.stringMatching(/^Its name says that it is incomplete/) },
      ],
    })
  })

  test('is not taken for granted of one whose making nobody saw end', async () => {
    const repository = await readyRepository(api)
    const job = await whileThereIs('no-end', async () =>
      jobEnd(api, await startBackup(api, repository.id, [smallSource()], { archiveName: 'first' })),
    )
    expect(job).toMatchObject({
      state: 'FAILED',
      archive: { name: 'first', incompleteReason: expect.stringContaining('was stopped before it could tell') },
    })
    await jobEnd(api, await startBackup(api, repository.id, [smallSource()], { archiveName: 'second' }))
    expect((await listed(repository.location)).map(({ name }) => name)).toEqual(['first.incomplete', 'second'])

    // Whoever decides that it is whole after all is not contradicted.
    await borg(['rename', `${repository.location}::first.incomplete`, 'first'], { passphrase })
    await jobEnd(api, await startBackup(api, repository.id, [smallSource()], { archiveName: 'third' }))
    expect((await listed(repository.location)).map(({ name }) => name)).toEqual(['first', 'second', 'third'])
    expect((await read(api, repository.id)).archives[2]).toMatchObject({ id: job.archive?.id, name: 'first' })
  })
})
