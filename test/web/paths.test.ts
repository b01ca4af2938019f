import { expect, test } from 'vitest'
import { paths, returnPath, signInFrom } from '../../web/src/paths.ts'

const origin = 'http://127.0.0.1:8000'

test('should encode ids', () => {
  expect(paths.job('Sm9iOjE=')).toBe('/jobs/Sm9iOjE%3D')
})

test('should lead to sign-in and back', () => {
  const there = signInFrom({ pathname: '/jobs', search: '?state=active&kind=BACKUP' })
  const to = new URL(there, origin).searchParams.get('to')
  expect(returnPath(to ?? undefined, origin)).toBe('/jobs?state=active&kind=BACKUP')
  expect(signInFrom({ pathname: '/', search: '' })).toBe('/sign-in')
})

test.each([
  'https://elsewhere.example/',
  '//elsewhere.example',
  '/\\elsewhere.example',
  'javascript:alert(1)',
  '/sign-in',
  '/set-up',
  undefined,
])('should not lead to %s after sign-in', (to) => {
  expect(returnPath(to, origin)).toBe('/')
})
