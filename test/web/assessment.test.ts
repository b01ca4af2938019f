import { expect, test } from 'vitest'
import { assess } from '../../web/src/pages/overview/assessment.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const archive = (hours: number, incompleteReason: string | null = null) => ({
  id: 'a',
  name: 'archive',
  startedAt: new Date(now - hours * 3_600_000).toISOString(),
  incompleteReason,
})
const backup = (
  state: 'COMPLETED' | 'COMPLETED_WITH_WARNINGS' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED' | 'RUNNING',
) => ({
  id: 'job',
  state,
  problem: state === 'FAILED' ? 'The disk is full.' : null,
  finishedAt: null,
  createdAt: new Date(now).toISOString(),
})
const repository = (changes: object = {}) => ({
  id: 'r',
  name: 'photos',
  state: 'READY' as const,
  problem: null,
  latestArchive: archive(3),
  latestBackup: backup('COMPLETED'),
  ...changes,
})

test('should say that nothing is backed up where there is no repository', () => {
  expect(assess([], now)).toMatchObject({ tone: 'idle', sentence: 'Nothing is backed up yet.' })
})

test('should say how old the least recent archive is', () => {
  expect(assess([repository()], now)).toEqual({
    tone: 'good',
    sentence: 'Your repository has a backup, made 3 hours ago.',
    findings: [],
  })
  expect(assess([repository(), repository({ latestArchive: archive(26) })], now).sentence).toBe(
    'All 2 repositories have a backup, the least recent made 26 hours ago.',
  )
})

test('should be good while the next backup runs', () => {
  expect(assess([repository({ latestBackup: backup('RUNNING') })], now).tone).toBe('good')
})

test.each([
  ['a failed backup', { latestBackup: backup('FAILED') }, 'failed', 'The last backup failed. The disk is full.'],
  ['an interrupted backup', { latestBackup: backup('INTERRUPTED') }, 'failed', 'The last backup was interrupted.'],
  ['a cancelled backup', { latestBackup: backup('CANCELLED') }, 'warning', 'The last backup was cancelled.'],
  ['warnings', { latestBackup: backup('COMPLETED_WITH_WARNINGS') }, 'warning', 'The last backup left something out.'],
  ['no archive', { latestArchive: null, latestBackup: null }, 'warning', 'Has no backup yet.'],
  [
    'an incomplete archive',
    { latestArchive: archive(1, 'A folder was missing.') },
    'warning',
    'The newest archive is not whole. A folder was missing.',
  ],
  [
    'an unusable repository',
    { state: 'FAILED', problem: 'Wrong passphrase.' },
    'failed',
    'Not usable. Wrong passphrase.',
  ],
])('should point out %s', (_what, changes, tone, text) => {
  expect(assess([repository(), repository(changes)], now)).toMatchObject({ tone, findings: [{ tone, text }] })
})

test('should put the worst first', () => {
  const { sentence, findings } = assess(
    [repository({ latestBackup: backup('CANCELLED') }), repository({ latestBackup: backup('FAILED') })],
    now,
  )
  expect(sentence).toBe('1 repository is not safely backed up.')
  expect(findings.map(({ tone }) => tone)).toEqual(['failed', 'warning'])
})
