import { describe, expect, test } from 'vitest'
import { canWrite } from '../../../../server/borg/can-write.ts'
import { whatChanged } from '../../../../server/jobs/records/what-changed.ts'
import { taskKinds } from '../../../../server/jobs/tasks/index.ts'

const completed = (kind: 'IMPORT_KEY' | 'INIT' | 'BACKUP' | 'HOOK') => ({ kind, isCompleted: true })
const failed = (kind: 'IMPORT_KEY' | 'INIT' | 'BACKUP' | 'HOOK') => ({ kind, isCompleted: false })

describe('what a failure has left changed', () => {
  test.each([
    ['nothing, where nothing was written', null, [], 'Nothing was changed.'],
    [
      'nothing of the repository, where a hook ran',
      null,
      [completed('HOOK')],
      'Nothing was changed in the repository.',
    ],
    [
      'the key, where one was imported',
      null,
      [completed('IMPORT_KEY')],
      'The key was imported before that; nothing else was changed.',
    ],
    [
      'an archive, where one was made',
      null,
      [failed('HOOK'), completed('BACKUP')],
      'An archive was made before that; nothing else was changed.',
    ],
    ['perhaps an archive, where borg was making one', 'BACKUP', [], 'Archives made before are whole.'],
    ['the same after a try before', 'BACKUP', [failed('BACKUP')], 'Archives made before are whole.'],
    ['the same where only the try before came so far', null, [failed('BACKUP')], 'Archives made before are whole.'],
    ['perhaps the key', 'IMPORT_KEY', [], 'The key may have been written already.'],
    ['perhaps a part of a repository', 'INIT', [], 'What was begun of the repository is left at its path.'],
    ['both', 'BACKUP', [completed('IMPORT_KEY')], 'The key was imported before that. Archives made before are whole.'],
  ] as const)('is %s', (_what, writing, before, sentence) => {
    expect(whatChanged(taskKinds, writing, before)).toBe(sentence)
  })
})

test('canWrite knows the commands that only read', () => {
  const writes = (...args: readonly string[]) => canWrite({ args })
  expect(writes('list', '--json', '--', '/srv/repo')).toBe(false)
  expect(writes('key', 'export', '--', '/srv/repo')).toBe(false)
  expect(writes('create', '--dry-run', '--', '/srv/repo::x', '/home')).toBe(false)
  expect(writes('create', '--', '/srv/repo::x', '--dry-run')).toBe(true)
  expect(writes('key', 'import', '--', '/srv/repo', '-')).toBe(true)
  expect(writes('init', '--', '/srv/repo')).toBe(true)
  expect(writes('a-command-to-come')).toBe(true)
})
