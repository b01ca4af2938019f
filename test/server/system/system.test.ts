import { expect, test } from 'vitest'
import { readConfig } from '../../../server/config.ts'
import { readTools, readVersion } from '../../../server/system/service.ts'
import { borg } from '../../support/borg.ts'
import { writeProgram } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const toolsOn = (path: string) => readTools(readConfig({ BORGITORY_DATA: temporaryFolder(), PATH: path }))

test('the tools that are installed tell their versions', async () => {
  const [first, second] = await toolsOn(process.env.PATH ?? '')
  expect(first).toEqual({ name: 'borg', version: (await borg(['--version'])).trim().split(' ')[1], problem: null })
  expect(second).toMatchObject({ name: 'rclone', version: expect.stringMatching(/^\d+\.\d+/), problem: null })
})

test('tools that are missing or of a wrong version say so', async () => {
  const folder = temporaryFolder()
  expect(await toolsOn(folder)).toEqual([
    { name: 'borg', version: null, problem: 'borg is not installed on this machine.' },
    { name: 'rclone', version: null, problem: 'rclone is not installed on this machine.' },
  ])
  writeProgram(folder, 'borg', 'echo borg 1.1.18')
  writeProgram(folder, 'rclone', 'exit 1')
  expect(await toolsOn(folder)).toEqual([
    {
      name: 'borg',
      version: '1.1.18',
      problem: 'Borg 1.1.18 is too old: Borgitory needs 1.2 or later of borg 1.',
    },
    { name: 'rclone', version: null, problem: 'rclone does not tell its version.' },
  ])
})

test('Borgitory tells its own version', async () => {
  expect(await readVersion()).toMatch(/^\d+\.\d+\.\d+/)
})
