import { expect, test } from 'vitest'
import { problemAt, problemsOf, sayField } from '../../web/src/pages/plans/problems.ts'

test.each([
  [['name'], 'Name'],
  [['settings', 'patterns', '2', 'pattern'], 'Rule 3'],
  [['settings', 'patterns'], 'Rules'],
  [['settings', 'compression', 'level'], 'Compression level'],
  [['compression', 'obfuscation'], 'Hide sizes'],
  [['settings', 'sources'], 'Folders'],
  [['settings', 'sources', '0'], 'Folder 1'],
  [['hooks', '0', 'command'], 'Hook 1, command'],
  [['hooks', '1', 'environment', '0', 'name'], 'Hook 2, environment variables'],
  [['planId'], 'planId'],
])('should say %j as %s', (path, word) => {
  expect(sayField(path)).toBe(word)
})

const refusal = {
  message: 'hooks.0.name: is missing\nsettings.patterns.1.pattern: must not be empty',
  fields: [
    { path: ['hooks', '0', 'name'], message: 'is missing' },
    { path: ['settings', 'patterns', '1', 'pattern'], message: 'must not be empty' },
  ],
}

test('should tell each field what is wrong with it, and no other', () => {
  expect(problemAt(refusal, 'hooks', '0', 'name')).toBe('is missing')
  expect(problemAt(refusal, 'name')).toBeUndefined()
  expect(problemAt(refusal, 'patterns', '1')).toBe('must not be empty')
  expect(problemAt(refusal, 'patterns', '0')).toBeUndefined()
  expect(problemAt(undefined, 'name')).toBeUndefined()
})

test('should name the fields of a refusal', () => {
  expect(problemsOf(refusal)).toEqual(['Hook 1, name: is missing', 'Rule 2: must not be empty'])
  expect(problemsOf({ message: 'There already is a plan named Photos.' })).toEqual([
    'There already is a plan named Photos.',
  ])
})
