import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { jobEnd, readyRepository, type Started, startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let api: ApiClient
let repositoryId: string

beforeAll(async () => {
  api = await (await startServer({ isUnprivileged: true })).setUp()
  repositoryId = (await readyRepository(api)).id
})

const dryRunOf = async (sources: readonly string[]) => {
  const { startDryRun } = await api.query<{ startDryRun: Started }>(
    `mutation ($input: StartDryRunInput!) {
      startDryRun(input: $input) { __typename ... on Job { id } ... on Problem { message } }
    }`,
    { input: { repositoryId, sources } },
  )
  const job = await jobEnd(api, startDryRun)
  const { node } = await api.query<{ node: { tasks: { dryRunSummary: object }[] } }>(
    `query ($id: ID!) {
      node(id: $id) { ... on Job { tasks { dryRunSummary { included excluded unreadable } } } }
    }`,
    { id: job.id },
  )
  return { job, summary: node.tasks[0]?.dryRunSummary }
}

const closedFile = (path: string) => {
  writeFileSync(path, 'closed', { mode: 0 })
  return path
}

test('a dry run finds the files that a backup may not read, and nothing else', async () => {
  const folder = smallSource()
  const [inner, pipe] = [join(folder, 'closed folder'), join(folder, 'closed pipe')]
  mkdirSync(inner, { mode: 0 })
  execFileSync('mkfifo', ['-m', '0', pipe])
  const closed = [inner, pipe, ...[1, 2].map((number) => closedFile(join(folder, `closed ${number}`)))]
  symlinkSync(closedFile(join(temporaryFolder(), 'elsewhere')), join(folder, 'link to a closed file'))
  symlinkSync('nothing', join(folder, 'link to nothing'))
  for (let number = 0; number < 200; number++) writeFileSync(join(folder, `file ${number}`), '')

  const { job, summary } = await dryRunOf([folder])
  expect(job).toMatchObject({ state: 'COMPLETED_WITH_WARNINGS', problem: '4 files or folders could not be read.' })
  const pathsOf = ({ tasks: [task] }: typeof job) => task?.fileProblems.edges.map(({ node }) => node.path).toSorted()
  expect(pathsOf(job)).toEqual(closed.toSorted())
  // Three files and their folder, and two links.
  expect(summary).toEqual({ included: 206, excluded: 0, unreadable: 4 })

  const backup = await jobEnd(api, await startBackup(api, repositoryId, [folder]))
  expect(backup).toMatchObject({ state: 'COMPLETED_WITH_WARNINGS' })
  expect(pathsOf(backup)).toEqual(closed.toSorted())
})

test('a dry run warns of a source that is a file which may not be read, as a backup of it fails', async () => {
  const source = closedFile(join(temporaryFolder(), 'closed'))
  const { job, summary } = await dryRunOf([source])
  expect(job).toMatchObject({
    state: 'COMPLETED_WITH_WARNINGS',
    problem: `Sources left out: ${JSON.stringify(source)} (Permission denied). A backup would be incomplete and fail.`,
  })
  expect(summary).toEqual({ included: 0, excluded: 0, unreadable: 1 })
  expect(await jobEnd(api, await startBackup(api, repositoryId, [source]))).toMatchObject({ state: 'FAILED' })
  chmodSync(source, 0o600)
  expect((await dryRunOf([source])).job).toMatchObject({ state: 'COMPLETED' })
})
