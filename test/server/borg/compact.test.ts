import { expect, test } from 'vitest'
import { compact, freedSize } from '../../../server/borg/compact.ts'
import { parseBorgLine } from '../../../server/borg/messages.ts'
import { repository } from './repository.ts'

const said = (message: string) =>
  parseBorgLine(JSON.stringify({ type: 'log_message', message, levelname: 'INFO', name: 'borg.repository' }))

test.each([
  ['compaction freed about 30.00 MB repository space.', 30_000_000],
  ['compaction freed about 577 B repository space.', 577],
  ['compaction freed about 1.25 TB repository space.', 1_250_000_000_000],
  ['compaction freed about -17 B repository space.', 0],
  ['compaction freed about 0 B repository space.', 0],
  ['Remote: something else', null],
] as const)('“%s” frees %s bytes', (message, freed) => {
  expect(freedSize(said(message))).toBe(freed)
})

test('the command opens no archives, and so needs no passphrase', () => {
  const { args, secrets } = compact(repository, { threshold: 25 })
  expect(args).toEqual([
    ...['compact', '--log-json', '--lock-wait', String(repository.lockWait)],
    ...['--info', '--progress', '--threshold', '25', '--', repository.location],
  ])
  expect(secrets?.BORG_PASSPHRASE_FD?.reveal()).toBe('')
})
