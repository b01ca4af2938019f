import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { borg } from '../../support/borg.ts'
import {
  cancelJob,
  firstProgress,
  type JobAnswer,
  jobEnd,
  jobWhere,
  passphrase,
  readLines,
  readyRepository,
  type Started,
} from '../../support/jobs.ts'
import { pathOfUnprivilegedBorg } from '../../support/programs.ts'
import { startServer } from '../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createPlan, deletePlan, settingsFields } from './plans.ts'

let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  api = await (await startServer({ environment: { PATH: pathOfUnprivilegedBorg() } })).setUp()
  repository = await readyRepository(api, { name: 'a/b' })
})

type Input = Readonly<Record<string, unknown>>
type Answer = Started & { readonly fields?: readonly { path: readonly string[]; message: string }[] }

const begin = async (name: 'startBackup' | 'startDryRun', input: Input): Promise<Answer> => {
  const answer = await api.query<Record<string, Answer>>(
    `mutation ($input: ${name === 'startBackup' ? 'StartBackupInput' : 'StartDryRunInput'}!) {
      ${name}(input: $input) {
        __typename
        ... on Job { id kind state tasks { id kind } }
        ... on Problem { message }
        ... on InvalidInput { fields { path message } }
      }
    }`,
    { input },
  )
  const started = answer[name]
  if (started === undefined) throw new Error('there is no answer')
  return started
}
const startBackup = (input: Input) => begin('startBackup', input)
const startDryRun = (input: Input) => begin('startDryRun', input)

let planCount = 0
const newPlan = async (settings: Input, repositoryId = repository.id) => {
  planCount += 1
  const plan = await createPlan(api, { name: `plan ${planCount}`, repositoryId, settings })
  expect(plan).toMatchObject({ __typename: 'BackupPlan' })
  return plan
}

/** A folder with a file of each kind that the patterns of these tests tell apart. */
const mixedSource = () => {
  const folder = join(temporaryFolder(), 'mixed')
  for (const path of ['keep', 'cache', 'skipped']) mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, 'cache', 'CACHEDIR.TAG'), 'Signature: 8a477f597d28d172789f06886806bc55')
  for (const path of ['keep/a.txt', 'keep/b.tmp', 'cache/c', 'skipped/d.txt']) writeFileSync(join(folder, path), path)
  return folder
}

const selection = (folder: string) => ({
  sources: [folder],
  excludeCaches: true,
  patterns: [
    { action: 'EXCLUDE', style: 'SH', pattern: '**/*.tmp' },
    { action: 'EXCLUDE_NO_RECURSE', style: 'PP', pattern: join(folder, 'skipped') },
  ],
})

const pathsIn = async (name = '') =>
  (await borg(['list', '--format', '{path}{NL}', `${repository.location}::${name}`], { passphrase })).split('\n')

const summaryOf = async ({ tasks }: JobAnswer) => {
  const { node } = await api.query<{ node: { summary: unknown } }>(
    'query ($id: ID!) { node(id: $id) { ... on Task { summary { ... on DryRunSummary { included excluded unreadable } } } } }',
    { id: tasks[0]?.id },
  )
  return node.summary
}

describe('a backup by a plan', () => {
  test('does what the plan says, and is part of its history', async () => {
    const folder = mixedSource()
    const settings = {
      ...selection(folder),
      compression: { algorithm: 'ZSTD', level: 5, isAuto: true, obfuscation: 1 },
      numericIds: true,
      checkpointInterval: 60,
      archiveName: '{plan}',
      comment: 'literally {now}',
    }
    const plan = await newPlan(settings)
    const job = await jobEnd(api, await startBackup({ planId: plan.id }))
    expect(job).toMatchObject({
      kind: 'BACKUP',
      state: 'COMPLETED',
      archive: { name: plan.name.replace(' ', '-'), comment: 'literally {now}' },
    })
    const commandLine = job.tasks[0]?.commandLine
    for (const option of ['obfuscate,1,auto,zstd,5', '--numeric-ids', '--checkpoint-interval 60', '--exclude-caches']) {
      expect(commandLine).toContain(option)
    }
    const { archives } = JSON.parse(
      await borg(['info', '--json', `${repository.location}::${job.archive?.name}`], { passphrase }),
    )
    expect(archives).toMatchObject([{ comment: expect.stringMatching(/^literally \{now\}\nborgitory: /) }])
    const paths = await pathsIn(job.archive?.name)
    expect(paths).toContain(join(folder, 'keep/a.txt').slice(1))
    for (const left of ['keep/b.tmp', 'cache/c', 'skipped/d.txt'])
      expect(paths).not.toContain(join(folder, left).slice(1))

    const { node } = await api.query<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { ... on BackupPlan {
        latestJob { id plan { id } backup { ${settingsFields} } } jobs { totalCount edges { node { id } } }
      } } }`,
      { id: plan.id },
    )
    expect(node).toEqual({
      latestJob: { id: job.id, plan: { id: plan.id }, backup: plan.settings },
      jobs: { totalCount: 1, edges: [{ node: { id: job.id } }] },
    })
  })

  test('gets a name of its own where the template makes the same one again', async () => {
    const plan = await newPlan({ sources: [smallSource()], archiveName: 'same' })
    const first = await jobEnd(api, await startBackup({ planId: plan.id }))
    const second = await jobEnd(api, await startBackup({ planId: plan.id }))
    expect([first.archive?.name, second.archive?.name]).toEqual(['same', 'same-2'])
  })

  test('outlives the plan in the history', async () => {
    const plan = await newPlan({ sources: [smallSource()] })
    const job = await jobEnd(api, await startBackup({ planId: plan.id }))
    expect(job.archive?.name).toContain(`-${plan.name.replace(' ', '-')}-`)
    expect(await deletePlan(api, plan.id)).toEqual({ __typename: 'DeletedPlan', id: plan.id })
    const { node } = await api.query<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { ... on Job { state plan { id } archive { name } backup { sources } } } }',
      { id: job.id },
    )
    expect(node).toEqual({
      state: 'COMPLETED',
      plan: null,
      archive: { name: job.archive?.name },
      backup: { sources: plan.settings.sources },
    })
    expect(await startBackup({ planId: plan.id })).toMatchObject({ __typename: 'PlanNotFound' })
  })
})

describe('a backup without a plan', () => {
  test('is named after its repository, whatever that is called', async () => {
    const job = await jobEnd(api, await startBackup({ repositoryId: repository.id, sources: [smallSource()] }))
    expect(job).toMatchObject({ state: 'COMPLETED', archive: { name: expect.stringMatching(/-a-b-\d{4}-/) } })
  })

  test('is either of a plan or of a repository', async () => {
    const plan = await newPlan({ sources: ['/srv'] })
    expect(await startBackup({ sources: ['/srv'] })).toMatchObject({ fields: [{ path: ['planId'] }] })
    const both = { planId: plan.id, repositoryId: repository.id, sources: ['/srv'] }
    expect(await startBackup(both)).toMatchObject({ fields: [{ path: ['repositoryId'] }, { path: ['sources'] }] })
    expect(await startBackup({ repositoryId: repository.id })).toMatchObject({ fields: [{ path: ['sources'] }] })
  })

  test('is refused where borg does not understand a pattern', async () => {
    const patterns = [{ action: 'EXCLUDE', style: 'RE', pattern: '*' }]
    expect(await startBackup({ repositoryId: repository.id, sources: ['/srv'], patterns })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['patterns', '0', 'pattern'], message: expect.stringContaining('“*”') }],
    })
  })
})

describe('a dry run', () => {
  test('lists what a backup would take and what not, and makes no archive', async () => {
    const folder = mixedSource()
    const plan = await newPlan(selection(folder))
    const job = await jobEnd(api, await startDryRun({ planId: plan.id }))
    expect(job).toMatchObject({
      kind: 'DRY_RUN',
      state: 'COMPLETED',
      problem: null,
      archive: null,
      tasks: [{ kind: 'DRY_RUN', state: 'COMPLETED', exitCode: 0 }],
    })
    const lines = await readLines(api, job.tasks[0]?.id ?? '')
    expect(lines.toSorted()).toEqual(
      [
        `- ${folder}`,
        `- ${join(folder, 'keep')}`,
        `- ${join(folder, 'keep/a.txt')}`,
        `x ${join(folder, 'cache')}`,
        `x ${join(folder, 'keep/b.tmp')}`,
        `x ${join(folder, 'skipped')}`,
      ].toSorted(),
    )
    expect(await summaryOf(job)).toEqual({ included: 3, excluded: 3, unreadable: 0 })
    const { node } = await api.query<{ node: unknown }>(
      'query ($id: ID!) { node(id: $id) { ... on BackupPlan { latestJob { id } jobs { totalCount } } } }',
      { id: plan.id },
    )
    expect(node).toEqual({ latestJob: null, jobs: { totalCount: 1 } })
  })

  test('warns of a source that is missing, which would fail a backup', async () => {
    const missing = join(temporaryFolder(), 'missing')
    const sources = [smallSource(), missing]
    const job = await jobEnd(api, await startDryRun({ repositoryId: repository.id, sources }))
    expect(job).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: `Sources left out: ${JSON.stringify(missing)} (No such file or directory). A backup would be incomplete and fail.`,
    })
    expect(await summaryOf(job)).toEqual({ included: 4, excluded: 0, unreadable: 0 })
  })

  test('warns of what cannot be read', async () => {
    const folder = smallSource()
    mkdirSync(join(folder, 'closed'), { mode: 0 })
    const job = await jobEnd(api, await startDryRun({ repositoryId: repository.id, sources: [folder] }))
    expect(job).toMatchObject({
      state: 'COMPLETED_WITH_WARNINGS',
      problem: '1 file or folder could not be read.',
      tasks: [{ fileProblems: { edges: [{ node: { path: join(folder, 'closed') } }] } }],
    })
    expect(await summaryOf(job)).toEqual({ included: 4, excluded: 0, unreadable: 1 })
  })

  test('does not wait for a backup of the same repository, and keeps no other job waiting', async () => {
    const sources = [largeSource()]
    const backup = await startBackup({ repositoryId: repository.id, sources, ...slowly })
    await firstProgress(api, backup)
    const next = await startBackup({ repositoryId: repository.id, sources: [smallSource()] })
    await jobWhere(api, next, ({ state }) => state === 'QUEUED')

    const dryRun = await jobEnd(api, await startDryRun({ repositoryId: repository.id, sources }))
    expect(dryRun).toMatchObject({ state: 'COMPLETED', waitingFor: null })
    expect(await jobWhere(api, backup, () => true)).toMatchObject({ state: 'RUNNING' })
    expect(await jobWhere(api, next, () => true)).toMatchObject({ state: 'QUEUED' })

    await cancelJob(api, backup.id)
    expect(await jobEnd(api, next)).toMatchObject({ state: 'COMPLETED' })
  })
})
