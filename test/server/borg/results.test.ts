import { describe, expect, test } from 'vitest'
import { createResult } from '../../../server/borg/create.ts'
import { parseVersion, versionProblem } from '../../../server/borg/features.ts'
import { isCheckpoint, listedArchive, listedEncryption, listedRepository } from '../../../server/borg/list.ts'
import { parseLockHolder, parseRoster } from '../../../server/borg/lock.ts'
import { borgTime } from '../../../server/borg/time.ts'

/** What borg 1.2.4 printed for `create --json`, without its command line. */
const created = {
  archive: {
    duration: 0.251841,
    end: '2026-11-23T21:07:02.000000',
    id: 'e509b262d6368a43fc49a22494e0932cd4cb6a6afba1ca0684798afa65131d16',
    limits: { max_archive_size: 2.651219782829814e-5 },
    name: 'one',
    start: '2026-11-23T21:07:01.000000',
    stats: { compressed_size: 3000818, deduplicated_size: 3000686, nfiles: 5, original_size: 3000559 },
  },
  cache: {
    path: '/root/.cache/borg/b9ae96c9c8ecd2e0083ad1618756a620b29bf57b6d849e2b36ac29c8fb975e76',
    stats: {
      total_chunks: 8,
      total_csize: 3000262,
      total_size: 3000004,
      total_unique_chunks: 5,
      unique_csize: 3001116,
      unique_size: 3001630,
    },
  },
  encryption: { mode: 'repokey-blake2' },
  repository: {
    id: 'b9ae96c9c8ecd2e0083ad1618756a620b29bf57b6d849e2b36ac29c8fb975e76',
    last_modified: '2026-11-23T21:07:01.000000',
    location: '/srv/repo',
  },
}

test('createResult reads the archive and the sizes of the repository', () => {
  expect(createResult.parse(created)).toEqual({
    archive: {
      borgId: created.archive.id,
      name: 'one',
      startedAt: new Date('2026-11-23T21:07:01Z'),
      finishedAt: new Date('2026-11-23T21:07:02Z'),
      originalSize: 3000559n,
      compressedSize: 3000818n,
      deduplicatedSize: 3000686n,
      fileCount: 5,
    },
    repository: { originalSize: 3000004n, compressedSize: 3000262n, deduplicatedSize: 3001116n },
  })
})

test('listedArchive, listedEncryption and listedRepository read what borg 1.2.4 lists', () => {
  const archive = {
    archive: 'one',
    barchive: 'one',
    comment: 'before the move',
    end: '2026-11-23T21:07:02.000000',
    hostname: 'vm',
    id: created.archive.id,
    name: 'one',
    start: '2026-11-23T21:07:01.000000',
    time: '2026-11-23T21:07:01.000000',
    username: 'root',
  }
  expect(listedArchive.parse(archive)).toEqual({
    borgId: archive.id,
    name: 'one',
    startedAt: new Date('2026-11-23T21:07:01Z'),
    finishedAt: new Date('2026-11-23T21:07:02Z'),
    hostname: 'vm',
    username: 'root',
    comment: 'before the move',
  })
  expect(listedEncryption.parse(created.encryption)).toEqual({ mode: 'REPOKEY_BLAKE2' })
  expect(listedEncryption.parse({ mode: 'of the future' })).toEqual({ mode: null })
  expect(listedRepository.parse(created.repository)).toEqual({ id: created.repository.id })
})

test('isCheckpoint knows the names that borg gives to what it saved of a backup that was stopped', () => {
  expect(['one.checkpoint', 'one.checkpoint.1', 'one.checkpoint.23'].every(isCheckpoint)).toBe(true)
  expect(['one', 'one.checkpoint.x', 'checkpoint', 'one.checkpoints'].some(isCheckpoint)).toBe(false)
})

describe('borgTime', () => {
  test('takes a time without a zone as UTC, and heeds a zone that is there', () => {
    expect(borgTime.parse('2026-11-23T21:07:01.123456')).toEqual(new Date('2026-11-23T21:07:01.123Z'))
    expect(borgTime.parse('2026-11-23T21:07:01.000000+02:00')).toEqual(new Date('2026-11-23T19:07:01Z'))
    expect(borgTime.parse('2026-11-23T21:07:01-0500')).toEqual(new Date('2026-11-24T02:07:01Z'))
    expect(borgTime.parse('2026-11-23T21:07:01Z')).toEqual(new Date('2026-11-23T21:07:01Z'))
  })

  test('refuses what is no time', () => {
    expect(borgTime.safeParse('yesterday').error?.issues[0]?.message).toBe('not a time: yesterday')
  })
})

describe('parseVersion and versionProblem', () => {
  test.each([
    ['borg 1.2.4\n', '1.2.4', null],
    ['borg-linux64 1.4.0\n', '1.4.0', null],
    ['a warning before it\nborg 1.4.1rc1\n', '1.4.1rc1', null],
    ['borg 1.1.18\n', '1.1.18', 'Borg 1.1.18 is too old: Borgitory needs 1.2 or later of borg 1.'],
    ['borg 0.30.0\n', '0.30.0', 'Borg 0.30.0 is too old: Borgitory needs 1.2 or later of borg 1.'],
    ['borg 2.0.0b14\n', '2.0.0b14', 'Borg 2.0.0b14 cannot be used: Borgitory works with borg 1, from 1.2 on.'],
  ])('%j is version %s', (output, version, problem) => {
    expect(parseVersion(output)).toBe(version)
    expect(versionProblem(version)).toBe(problem)
  })

  test('says nothing where there is no version', () => {
    expect(parseVersion('')).toBeNull()
    expect(parseVersion('Usage: borg [-h]')).toBeNull()
  })
})

describe('parseLockHolder', () => {
  test('reads the names that borg gives, and those with a host id of our own', () => {
    expect(parseLockHolder('vm@3281355014145.2145-0')).toEqual({ host: 'vm', hostId: 'vm@3281355014145', pid: 2145 })
    expect(parseLockHolder('nas.example.org@borgitory-1a2b.77-7f00')).toEqual({
      host: 'nas.example.org',
      hostId: 'nas.example.org@borgitory-1a2b',
      pid: 77,
    })
  })

  test('reads nothing into other names', () => {
    for (const name of ['', 'lock', 'vm@1', 'vm@1.x-0', '.2-0']) expect(parseLockHolder(name)).toBeNull()
  })
})

describe('parseRoster', () => {
  test('reads who shares a lock, as borg 1.2.4 writes it', () => {
    expect(parseRoster('{"exclusive": [["vm@1", 3, 0]], "shared": [["vm@3281355014145", 2145, 0]]}')).toEqual([
      { host: 'vm', hostId: 'vm@3281355014145', pid: 2145 },
    ])
  })

  test('reads nothing into what is not whole', () => {
    for (const text of ['', 'rubbish', '{}', '[]', '{"shared": [1]}', '{"shared": [["vm@1"', '{"exclusive": []}'])
      expect(parseRoster(text)).toEqual([])
  })
})
