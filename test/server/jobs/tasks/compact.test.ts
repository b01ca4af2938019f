import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import { jobEnd, passphrase, readArchives, readyRepository, type Started, startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { largeSource } from '../../../support/sources.ts'

let api: ApiClient
let repository: { id: string; location: string }

beforeAll(async () => {
  api = await (await startServer()).setUp()
  repository = await readyRepository(api)
})

interface Answer extends Started {
  readonly fields?: readonly { readonly path: readonly string[]; readonly message: string }[]
}

const startCompact = async (input: object) =>
  (
    await api.query<{ startCompact: Answer }>(
      `mutation ($input: StartCompactInput!) { startCompact(input: $input) {
        __typename ... on Job { id priority } ... on Problem { message } ... on InvalidInput { fields { path message } }
      } }`,
      { input },
    )
  ).startCompact

const freedBy = async (id: string) => {
  const { node } = await api.query<{ node: { tasks: { kind: string; summary: { freedSize: number } | null }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Job { tasks { kind summary { ... on CompactSummary { freedSize } } } } } }',
    { id },
  )
  return node.tasks
}

const deleteArchives = () => borg(['delete', repository.location, '--glob-archives', '*'], { passphrase })

test('what was deleted is freed, and how much is told', async () => {
  await jobEnd(api, await startBackup(api, repository.id, [largeSource()]))
  expect(await readArchives(api, repository.id)).toHaveLength(1)
  await deleteArchives()
  const started = await startCompact({ repositoryId: repository.id, threshold: 0 })
  const job = await jobEnd(api, started)
  expect(job).toMatchObject({ state: 'COMPLETED', problem: null })
  expect(job.tasks[0]?.commandLine).toContain('compact')
  const [task] = await freedBy(job.id)
  expect(task?.kind).toBe('COMPACT')
  expect(task?.summary?.freedSize).toBeGreaterThan(1_000_000)
  const again = await jobEnd(api, await startCompact({ repositoryId: repository.id }))
  expect((await freedBy(again.id))[0]?.summary?.freedSize).toBeLessThan(100_000)
})

test('a repository that is append-only keeps all, and that is said', async () => {
  const config = join(repository.location, 'config')
  const before = readFileSync(config, 'utf8')
  writeFileSync(config, before.replace(/append_only = 0/, 'append_only = 1'))
  const job = await jobEnd(api, await startCompact({ repositoryId: repository.id }))
  writeFileSync(config, before)
  expect(job).toMatchObject({
    state: 'COMPLETED_WITH_WARNINGS',
    problem: 'Nothing was freed: the repository is append-only, so borg keeps all that was ever written to it.',
  })
  expect((await freedBy(job.id))[0]?.summary).toBeNull()
})

test.each([-1, 101])('a threshold of %s is refused', async (threshold) => {
  const answer = await startCompact({ repositoryId: repository.id, threshold })
  expect(answer).toMatchObject({ __typename: 'InvalidInput', fields: [{ path: ['threshold'] }] })
})

test('a schedule may ask for it', async () => {
  const { createSchedule } = await api.query<{ createSchedule: { __typename: string; id: string } }>(
    `mutation ($input: CreateScheduleInput!) { createSchedule(input: $input) { __typename ... on Schedule { id } ... on Problem { message } } }`,
    {
      input: { name: 'tidy', action: 'COMPACT', repositoryId: repository.id, cron: '0 4 1 1 *', timeZone: 'UTC' },
    },
  )
  const { startSchedule } = await api.query<{ startSchedule: Started }>(
    `mutation ($id: ID!) { startSchedule(input: {id: $id}) { __typename ... on Job { id kind } ... on Problem { message } } }`,
    { id: createSchedule.id },
  )
  expect(startSchedule).toMatchObject({ kind: 'COMPACT' })
  expect(await jobEnd(api, startSchedule)).toMatchObject({ state: 'COMPLETED' })
})

test('a repository that is none any more fails it', async () => {
  appendFileSync(join(repository.location, 'config'), '\nid = nonsense\n')
  const job = await jobEnd(api, await startCompact({ repositoryId: repository.id }))
  expect(job.state).toBe('FAILED')
})
