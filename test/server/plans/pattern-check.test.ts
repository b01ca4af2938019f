import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askBorgAboutPatterns } from '../../../server/plans/pattern-check.ts'
import { createApp } from '../../support/app.ts'
import { writeProgram } from '../../support/programs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('borg is asked by two at once at most, however many ask', async () => {
  const programs = temporaryFolder()
  const log = join(programs, 'log')
  writeProgram(programs, 'borg', `echo begun >> ${log}; sleep 0.1; echo ended >> ${log}`)
  const { app } = await createApp()
  const childEnvironment = { PATH: `${programs}:${process.env.PATH}` }
  const asking = { ...app, config: { ...app.config, childEnvironment } }
  const patterns = [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] as const
  await Promise.all(Array.from({ length: 7 }, () => askBorgAboutPatterns(asking, patterns)))

  const lines = readFileSync(log, 'utf8').trim().split('\n')
  expect(lines.filter((line) => line === 'ended')).toHaveLength(7)
  let running = 0
  const most = Math.max(...lines.map((line) => (running += line === 'begun' ? 1 : -1)))
  expect(most).toBe(2)
})

test('a borg that does not stop printing is ended, and the patterns count as unchecked', async () => {
  const programs = temporaryFolder()
  writeProgram(programs, 'borg', 'exec yes >&2')
  const { app } = await createApp()
  const childEnvironment = { PATH: `${programs}:${process.env.PATH}` }
  const asking = { ...app, config: { ...app.config, childEnvironment } }
  const patterns = [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] as const
  await expect(askBorgAboutPatterns(asking, patterns)).rejects.toThrow('borg does not stop printing')
})
