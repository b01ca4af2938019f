import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRepository, jobEnd, readyRepository, startBackup } from '../../../support/jobs.ts'
import { findProgram, writeProgram } from '../../../support/programs.ts'
import { startServer } from '../../../support/server.ts'
import { smallSource } from '../../../support/sources.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

test('a borg that is missing, too old or too new is not used, and a job says so; once one is installed all is well', async () => {
  const programs = temporaryFolder()
  const api = await (await startServer({ environment: { PATH: programs } })).setUp()
  const location = join(temporaryFolder(), 'repository')
  const refused = async () => {
    const job = await jobEnd(api, await createRepository(api, { location: join(temporaryFolder(), 'new') }))
    expect(job).toMatchObject({
      state: 'FAILED',
      repository: { state: 'FAILED', problem: job.problem },
      tasks: [
        { kind: 'INIT', state: 'FAILED', problem: job.problem },
        { kind: 'LIST', state: 'SKIPPED', problem: 'Not begun: the task before it failed.' },
      ],
    })
    return job.problem
  }
  const missing = 'Borg is not installed on this machine: install the package borgbackup. Nothing was changed.'
  expect(await refused()).toBe(missing)
  writeProgram(programs, 'borg', 'echo borg 1.1.18')
  expect(await refused()).toBe('Borg 1.1.18 is too old: Borgitory needs 1.2 or later of borg 1. Nothing was changed.')
  writeProgram(programs, 'borg', 'echo borg 2.0.0b19')
  expect(await refused()).toMatch(/^Borg 2.0.0b19 cannot be used/)
  writeProgram(programs, 'borg', 'echo Segmentation fault >&2; exit 139')
  expect(await refused()).toBe('Borg does not tell its version, so it was not used. Nothing was changed.')
  writeProgram(programs, 'borg', 'while :; do echo more and more; done')
  expect(await refused()).toBe('Borg does not tell its version, so it was not used. Nothing was changed.')

  rmSync(join(programs, 'borg'))
  for (const name of ['borg', 'realpath']) symlinkSync(findProgram(name), join(programs, name))
  const repository = await readyRepository(api, { location })
  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'COMPLETED',
  })
  rmSync(join(programs, 'borg'))
  expect(await jobEnd(api, await startBackup(api, repository.id, [smallSource()]))).toMatchObject({
    state: 'FAILED',
    problem: missing,
    repository: { state: 'READY' },
  })
})
