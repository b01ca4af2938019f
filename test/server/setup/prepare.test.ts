import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const prepare = fileURLToPath(new URL('../../../server/setup/prepare.mjs', import.meta.url))

/** Prepares for `purpose` where no program is on the PATH but those named, and not as root. */
const runWithout = (purpose: 'start' | 'tests', ...there: string[]) => {
  const folder = temporaryFolder()
  for (const name of there) symlinkSync('/bin/true', join(folder, name))
  const { promise, resolve } = Promise.withResolvers<{ status: unknown; stderr: string }>()
  const args = ['--import', 'data:text/javascript,process.getuid=()=>1000', prepare, purpose]
  execFile(process.execPath, args, { env: { PATH: folder } }, (error, _stdout, stderr) => {
    resolve({ status: error?.code ?? 0, stderr })
  })
  return promise
}

test('without root, says which packages to install and how', async () => {
  const { status, stderr } = await runWithout('start', 'apt-get', 'rclone')

  expect(status).toBe(1)
  expect(stderr).toContain('Missing: borgbackup, fuse3, python3-pyfuse3.')
  expect(stderr).toContain('apt-get install --no-install-recommends borgbackup fuse3 python3-pyfuse3\n')
  expect(stderr).not.toMatch(/\n\s+at /)
})

test('the tests ask for a browser besides', async () => {
  const { status, stderr } = await runWithout('tests', 'apt-get', 'rclone', 'borg', 'fusermount3')

  expect(status).toBe(1)
  expect(stderr).toContain('apt-get install --no-install-recommends chromium\n')
})

test('without apt, says what is missing', async () => {
  const { status, stderr } = await runWithout('start', 'borg', 'fusermount3')

  expect(status).toBe(1)
  expect(stderr).toBe('Missing: what Debian calls rclone. Install that, then try again.\n')
})
