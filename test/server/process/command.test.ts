import { expect, test } from 'vitest'
import { commandLine } from '../../../server/process/command.ts'

test('a command line is quoted as a shell needs it', () => {
  expect(commandLine({ program: 'borg', args: ['create', '--', '/srv/repo::one', '/home/ada'] })).toBe(
    'borg create -- /srv/repo::one /home/ada',
  )
  expect(commandLine({ program: 'borg', args: ['', 'a b', "it's", '$(x)', '*', 'new\nline'] })).toBe(
    `borg '' 'a b' 'it'\\''s' '$(x)' '*' 'new\nline'`,
  )
})
