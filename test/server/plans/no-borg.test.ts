import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readyRepository, startBackup } from '../../support/jobs.ts'
import { findProgram, writeProgram } from '../../support/programs.ts'
import { startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { createPlan } from './plans.ts'

test('patterns that borg cannot be asked about are refused by name, and nothing is written', async () => {
  const programs = temporaryFolder()
  symlinkSync(findProgram('borg'), join(programs, 'borg'))
  const api = await (await startServer({ environment: { PATH: programs } })).setUp()
  const { id } = await readyRepository(api)
  const patterns = [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }]
  const why = 'Whether borg understands the patterns could not be found out'

  rmSync(join(programs, 'borg'))
  const settings = { sources: ['/srv'], patterns }
  expect(await createPlan(api, { name: 'unchecked', repositoryId: id, settings })).toEqual({
    __typename: 'PatternsUnchecked',
    message: `${why}: borg could not be started. Nothing was changed.`,
  })
  expect(await createPlan(api, { name: 'plain', repositoryId: id, settings: { sources: ['/srv'] } })).toMatchObject({
    __typename: 'BackupPlan',
  })
  writeProgram(programs, 'borg', 'echo no space left >&2; exit 2')
  expect(await startBackup(api, id, ['/srv'], { patterns })).toEqual({
    __typename: 'PatternsUnchecked',
    message: `${why}: no space left. Nothing was changed.`,
  })
  const { plans, jobs } = await api.query<{ plans: unknown; jobs: unknown }>(
    '{ plans { edges { node { name } } } jobs { edges { node { kind } } } }',
  )
  expect(plans).toEqual({ edges: [{ node: { name: 'plain' } }] })
  expect(jobs).toEqual({ edges: [{ node: { kind: 'CREATE_REPOSITORY' } }] })
})
