import { expect, test } from 'vitest'
import { sayNoArchive, sayVanished } from '../../web/src/text/archives.ts'

test('should say what there is where no archive is whole', () => {
  const nothing = { latestIncompleteArchive: null, vanishedArchiveCount: 0 }
  expect(sayNoArchive(nothing)).toBe('None yet')
  expect(sayNoArchive({ ...nothing, vanishedArchiveCount: 2 })).toBe('None any more')
  expect(sayNoArchive({ latestIncompleteArchive: { id: 'a' }, vanishedArchiveCount: 2 })).toBe('None is whole')
})

test('should count what has vanished', () => {
  expect(sayVanished(1)).toBe('1 archive has vanished')
  expect(sayVanished(1200)).toBe('1,200 archives have vanished')
})
