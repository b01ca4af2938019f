import { expect, test } from 'vitest'
import { incompleteName, isIncompleteName } from '../../../server/borg/incomplete-name.ts'

test('an incomplete archive is named so, with a number where that is taken', async () => {
  const taken = ['photos.incomplete', 'photos.incomplete.2']
  const isTaken = async (name: string) => taken.includes(name)
  expect(await incompleteName('music', isTaken)).toBe('music.incomplete')
  expect(await incompleteName('photos', isTaken)).toBe('photos.incomplete.3')
})

test('its name is known by its end only', () => {
  for (const name of ['a.incomplete', 'a.incomplete.2', 'a.incomplete.10']) expect(isIncompleteName(name)).toBe(true)
  for (const name of ['a', 'incomplete', 'a.incomplete.', 'a.incomplete.x', 'a.incomplete-2', 'a.incomplete.2.b']) {
    expect(isIncompleteName(name)).toBe(false)
  }
})
