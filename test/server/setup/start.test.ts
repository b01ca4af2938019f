import { execFile } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { memory, root } from '../../../server/setup/programs.mjs'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const setup = fileURLToPath(new URL('../../../server/setup', import.meta.url))

/** Runs a set-up program where no program is on the PATH but those named, and not as root. */
const runWithout = (program: string, ...there: string[]) => {
  const folder = temporaryFolder()
  for (const name of there) symlinkSync('/bin/true', join(folder, name))
  const { promise, resolve } = Promise.withResolvers<{ status: unknown; stderr: string }>()
  const args = ['--import', 'data:text/javascript,process.getuid=()=>1000', join(setup, program)]
  execFile(process.execPath, args, { env: { PATH: folder } }, (error, _stdout, stderr) => {
    resolve({ status: error?.code ?? 0, stderr })
  })
  return promise
}

test('without root, says which packages to install and how', async () => {
  const { status, stderr } = await runWithout('start.mjs', 'apt-get', 'rclone')

  expect(status).toBe(1)
  expect(stderr).toContain('Missing: borgbackup, fuse3, python3-pyfuse3.')
  expect(stderr).toContain('apt-get install --no-install-recommends borgbackup fuse3 python3-pyfuse3\n')
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('the tests ask for a browser besides', async () => {
  const { status, stderr } = await runWithout('test.mjs', 'apt-get', 'rclone', 'borg', 'fusermount3')

  expect(status).toBe(1)
  expect(stderr).toContain('apt-get install --no-install-recommends chromium\n')
})

test('without apt, says what is missing', async () => {
  const { status, stderr } = await runWithout('start.mjs', 'borg', 'fusermount3')

  expect(status).toBe(1)
  expect(stderr).toBe('Missing: what Debian calls rclone. Install that, then try again.\n')
})

test('npm start gives Node what makes it give memory back', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const variables = Object.entries(memory.environment).map(([name, value]) => `${name}=${value}`)

  expect(scripts.start.split(' ')).toEqual([...variables, 'exec', 'node', ...memory.flags, 'server/setup/start.mjs'])
})
