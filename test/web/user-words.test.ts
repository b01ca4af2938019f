import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { endAfter, tokenCommand } from '../../web/src/pages/users/words.ts'

test('should end a token so many days from now, or never', () => {
  expect(endAfter(30, Date.parse('2026-11-27T12:00:00Z'))).toBe('2026-12-27T12:00:00.000Z')
  expect(endAfter(null, 0)).toBeNull()
})

test('should hand a shell one token and one operation', () => {
  const command = tokenCommand('borgitory_a-b_c', 'https://borg.example')
  // A function in the place of curl prints what it is handed.
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${command}`])
    .toString()
    .split('\n')
  expect(words).toContain('Authorization: Bearer borgitory_a-b_c')
  expect(words[0]).toBe('https://borg.example/graphql')
  expect(JSON.parse(words.at(-2) ?? '')).toEqual({ query: '{ me { username role } }' })
})
