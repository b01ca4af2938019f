import { expect, test } from 'vitest'
import { isId, readId } from '../../web/src/ids.ts'

test('should take for an id what can be one', () => {
  expect(isId(btoa('Job:0198a7b2-0000-7000-8000-000000000000'))).toBe(true)
  for (const text of ['', 'garbage', 'ä', btoa('Job'), btoa('Job:'), btoa('Nothing:1'), btoa(':1')])
    expect(isId(text), text).toBe(false)
})

test('should read any part of an address', () => {
  expect(readId('Sm9iOjE%3D')).toBe('Sm9iOjE=')
  expect(readId('%zz')).toBe('%zz')
})
