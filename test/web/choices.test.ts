import { expect, test } from 'vitest'
import { choicesOf, firstChoice } from '../../web/src/pages/plans/choices.ts'

const repository = (id: string) => ({
  __typename: 'Repository' as const,
  id,
  name: id,
  state: 'READY' as const,
  encryption: null,
})
const data = (chosen: string[], totalCount = 2) => ({
  chosen: [null, ...chosen.map(repository)],
  repositories: { totalCount, edges: ['a', 'b'].map((id) => ({ node: repository(id) })) },
})

test('should list the one that a link names, whatever its place', () => {
  const { repositories, isCut } = choicesOf(data(['z', 'b'], 201))
  expect(repositories.map(({ id }) => id)).toEqual(['z', 'a', 'b'])
  expect(isCut).toBe(true)
  expect(choicesOf(data([])).isCut).toBe(false)
})

test('should begin with the one that a link names, with the only one, or with none', () => {
  const list = choicesOf(data([])).repositories
  expect(firstChoice(list, 'b')).toBe('b')
  expect(firstChoice(list, 'gone')).toBe('')
  expect(firstChoice(list, undefined)).toBe('')
  expect(firstChoice(list.slice(0, 1), undefined)).toBe('a')
  expect(firstChoice(list.slice(0, 1), 'gone')).toBe('')
})
