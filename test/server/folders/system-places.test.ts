import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemPlace } from '../../../server/folders/system-places.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('is found in a path and behind its links, wherever these lead in the end', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'a'))
  symlinkSync('/proc/self/cwd', join(folder, 'working'))
  symlinkSync('../working/x', join(folder, 'a', 'relative'))
  symlinkSync('/dev/fd', join(folder, 'descriptors'))
  const found = new Map([
    ['/proc', '/proc'],
    ['/proc/self/cwd/x', '/proc'],
    ['/proc/1/root/srv', '/proc'],
    ['/sys/kernel', '/sys'],
    ['/dev', '/dev'],
    ['/dev/sda', '/dev'],
    [join(folder, 'working'), '/proc'],
    [join(folder, 'working', 'not', 'there'), '/proc'],
    [join(folder, 'a', 'relative', 'deeper'), '/proc'],
    [join(folder, 'descriptors', '3'), '/dev'],
  ])
  for (const [path, place] of found) expect([path, await systemPlace(path)]).toEqual([path, place])
})

test('is not found in other places, also where a link leads round', async () => {
  const folder = temporaryFolder()
  symlinkSync(join(folder, 'round'), join(folder, 'round'))
  symlinkSync('/', join(folder, 'root'))
  const others = [
    '/',
    '/srv/proc',
    '/process',
    '/dev/shm/repository',
    join(folder, 'round', 'x'),
    join(folder, 'root', 'srv'),
  ]
  for (const path of others) expect([path, await systemPlace(path)]).toEqual([path, null])
})
