import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../support/api-client.ts'
import { borg } from '../../../support/borg.ts'
import { importRepository, jobEnd, passphrase, readyRepository, type startBackup } from '../../../support/jobs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { createPlan } from '../../plans/plans.ts'

let api: ApiClient

beforeAll(async () => {
  api = await (await startServer()).setUp()
})

test('a key that does not open the repository is not kept, and the job says so', async () => {
  const location = join(temporaryFolder(), 'repository')
  const options = { passphrase, baseFolder: temporaryFolder() }
  await borg(['init', '--encryption', 'keyfile', location], options)
  const keyFile = join(temporaryFolder(), 'key')
  await borg(['key', 'export', location, keyFile], options)
  const key = readFileSync(keyFile, 'utf8')
  expect(await jobEnd(api, await importRepository(api, { location, passphrase: 'not this one', key }))).toMatchObject({
    state: 'FAILED',
    problem:
      'The key and the passphrase do not open the repository together: one of them is wrong. The keys that Borgitory keeps are as they were.',
    tasks: [
      { kind: 'IMPORT_KEY', state: 'FAILED' },
      { kind: 'LIST', state: 'SKIPPED' },
    ],
  })
})

test('a job whose hook has run says only that nothing was changed in the repository', async () => {
  const { id: repositoryId, location } = await readyRepository(api)
  const { id: planId } = await createPlan(api, {
    name: 'hooked',
    repositoryId,
    settings: { sources: [smallSource()] },
    hooks: [{ name: 'first', moment: 'BEFORE', command: 'true' }],
  })
  renameSync(location, `${location}-moved`)
  const { startBackup: started } = await api.query<{ startBackup: Awaited<ReturnType<typeof startBackup>> }>(
    'mutation ($planId: ID!) { startBackup(input: {planId: $planId}) { __typename ... on Job { id } } }',
    { planId },
  )
  expect(await jobEnd(api, started)).toMatchObject({
    state: 'FAILED',
    problem: 'There is no repository at this path any more. Nothing was changed in the repository.',
  })
})
