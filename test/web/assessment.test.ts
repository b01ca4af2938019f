import { expect, test } from 'vitest'
import { assess } from '../../web/src/pages/overview/assessment.ts'

const now = Date.parse('2026-03-01T12:00:00Z')
const before = (hours: number) => new Date(now - hours * 3_600_000).toISOString()

type Repository = Parameters<typeof assess>[0][number]
type Plan = Parameters<typeof assess>[1][number]
type Backup = NonNullable<Plan['latestEndedJob']>

const backup = (state: Backup['state'], hours = 3, id = 'job'): Backup => ({
  id,
  state,
  problem: state === 'FAILED' ? 'The disk is full.' : state === 'COMPLETED_WITH_WARNINGS' ? 'A hook failed.' : null,
  createdAt: before(hours),
  finishedAt: before(hours),
})
const repository = (changes: Partial<Repository> = {}): Repository => ({
  id: 'r',
  name: 'photos',
  state: 'READY',
  problem: null,
  latestArchive: { id: 'a', startedAt: before(3) },
  latestIncompleteArchive: null,
  vanishedArchiveCount: 0,
  latestBackup: { id: 'job' },
  latestManualBackup: backup('COMPLETED'),
  ...changes,
})
const plan = (latestEndedJob: Backup | null, changes: Partial<Plan> = {}): Plan => ({
  id: 'p',
  name: 'nightly',
  repository: { id: 'r' },
  latestEndedJob,
  ...changes,
})

test('should say that nothing is backed up where there is no repository', () => {
  expect(assess([], [], now)).toMatchObject({ tone: 'idle', sentence: 'Nothing is backed up yet.' })
})

test('should say how old the least recent backup is', () => {
  expect(assess([repository()], [], now)).toEqual({
    tone: 'good',
    sentence: 'Your repository has a backup, made 3 hours ago.',
    findings: [],
  })
  const other = repository({ id: 's', latestArchive: { id: 'a', startedAt: before(26) } })
  expect(assess([repository(), other], [], now).sentence).toBe(
    'All 2 repositories have a backup, the least recent made 26 hours ago.',
  )
  expect(assess([repository()], [plan(backup('COMPLETED', 5))], now).sentence).toBe(
    'Your plan has a backup, made 5 hours ago.',
  )
  const plans = [plan(backup('COMPLETED', 30)), plan(backup('COMPLETED', 1))]
  expect(assess([repository(), other], plans, now).sentence).toBe(
    'All 2 plans and 1 repository have a backup, the least recent made 30 hours ago.',
  )
})

test.each([
  ['a failed backup', backup('FAILED'), 'failed', 'The last backup failed. The disk is full.'],
  ['an interrupted backup', backup('INTERRUPTED'), 'failed', 'The last backup was interrupted.'],
  ['a cancelled backup', backup('CANCELLED'), 'warning', 'The last backup was cancelled.'],
  ['warnings', backup('COMPLETED_WITH_WARNINGS'), 'warning', 'The last backup has warnings. A hook failed.'],
  ['a plan that never ran', null, 'warning', 'Has no backup yet.'],
] as const)(
  'should point out %s of a plan, however well the others of its repository went',
  (_what, job, tone, text) => {
    const plans = [plan(backup('COMPLETED', 0)), plan(job, { id: 'q', name: 'weekly' })]
    const subject = { kind: 'plan', id: 'q', name: 'weekly' }
    expect(assess([repository()], plans, now)).toMatchObject({ tone, findings: [{ subject, tone, text }] })
  },
)

test.each([
  ['a failed backup', { latestManualBackup: backup('FAILED') }, 'failed', 'The last backup failed. The disk is full.'],
  [
    'no archive',
    { latestArchive: null, latestBackup: null, latestManualBackup: null },
    'warning',
    'Has no backup yet.',
  ],
  [
    'nothing but incomplete archives',
    { latestArchive: null, latestIncompleteArchive: { id: 'b' }, latestBackup: null, latestManualBackup: null },
    'warning',
    'Has no whole backup, only incomplete ones.',
  ],
  [
    'archives that vanished',
    { vanishedArchiveCount: 2 },
    'warning',
    '2 archives have vanished, and nobody has removed them here.',
  ],
  [
    'a repository that could not be opened',
    { state: 'FAILED' as const, problem: 'Wrong passphrase.' },
    'failed',
    'Could not be opened the last time. Wrong passphrase.',
  ],
])('should point out %s of a repository', (_what, changes, tone, text) => {
  expect(assess([repository(), repository(changes)], [], now)).toMatchObject({ tone, findings: [{ tone, text }] })
})

test('should point out a failed backup without a plan for a week, and longer where nothing was backed up since', () => {
  const find = (hours: number, latest: string) =>
    assess(
      [repository({ latestBackup: { id: latest }, latestManualBackup: backup('FAILED', hours) })],
      [plan(backup('COMPLETED', 1))],
      now,
    ).findings.map(({ text }) => text)
  const text = 'The last backup without a plan failed. The disk is full.'
  expect(find(24, 'another')).toEqual([text])
  expect(find(24 * 8, 'another')).toEqual([])
  expect(find(24 * 8, 'job')).toEqual([text])
})

test('should say once that a plan has no backup, and not of its repository too', () => {
  const fresh = repository({ latestArchive: null, latestBackup: null, latestManualBackup: null })
  expect(assess([fresh], [plan(null)], now)).toMatchObject({
    sentence: '1 plan needs a look.',
    findings: [{ subject: { kind: 'plan' } }],
  })
})

test('should put the worst first, and count plans and repositories', () => {
  const states = ['CANCELLED', 'FAILED', 'INTERRUPTED'] as const
  const plans = states.map((state) => plan(backup(state), { id: state }))
  const { sentence, findings } = assess([repository({ state: 'FAILED' })], plans, now)
  expect(sentence).toBe('2 plans and 1 repository are not safely backed up.')
  expect(findings.map(({ tone }) => tone)).toEqual(['failed', 'failed', 'failed', 'warning'])
  expect(assess([repository()], [plan(backup('CANCELLED'))], now).sentence).toBe('1 plan needs a look.')
})

test('should point out what has vanished besides a backup that failed, and count the repository once', () => {
  const changes = { vanishedArchiveCount: 1, latestManualBackup: backup('CANCELLED') }
  expect(assess([repository(changes)], [], now)).toMatchObject({
    sentence: '1 repository needs a look.',
    findings: [
      { text: 'The last backup was cancelled.' },
      { text: '1 archive has vanished, and nobody has removed it here.' },
    ],
  })
})
