import { expect, test } from 'vitest'
import { nextRunOf, sayPlan, saySources } from '../../web/src/pages/plans/plan-words.ts'
import { usualOptions } from '../../web/src/text/options.ts'

const usual = {
  repository: { id: 'cmVwbzox', name: 'family', state: 'READY', isUsable: true, encryption: 'REPOKEY' },
  settings: {
    sources: ['/home'],
    patterns: [],
    compression: { algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: null },
    ...usualOptions(),
    archiveName: '{plan}',
    comment: '',
  },
  priority: 'NORMAL',
  retries: 0,
  retryDelay: 60,
  timeLimit: null,
} as const satisfies Parameters<typeof sayPlan>[0]

test('should tell what a plan does, and not what is as usual', () => {
  expect(sayPlan(usual)).toEqual(['Backs up 1 folder into family.', 'Compresses with auto,zstd,3.'])
})

test('should tell everything that is not as usual', () => {
  const settings = {
    ...usual.settings,
    patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] as const,
    checkpointInterval: 0,
    uploadLimit: 2000,
    excludeCaches: true,
  }
  const sentences = sayPlan({
    ...usual,
    settings: { ...settings, patterns: [...settings.patterns] },
    retries: 2,
    timeLimit: 7200,
  })
  expect(sentences).toEqual([
    'Backs up 1 folder into family, by 1 rule.',
    'Compresses with auto,zstd,3.',
    'Leaves out folders that are marked as caches.',
    'Saves no checkpoints.',
    'Sends 2,000 KiB a second at most.',
    'After a failure tries again up to 2 times, first after 1 min, then after twice as long each time.',
    'Stops a try after 2 h.',
  ])
})

test('should name a few folders', () => {
  expect(saySources(['/home'])).toBe('/home')
  expect(saySources(['/home', '/etc', '/srv', '/opt'])).toBe('/home, /etc and 2 more')
})

test('should say when a plan runs next', () => {
  const schedule = { id: 'c2NoZWR1bGU6MQ==', name: 'nightly', isEnabled: true }
  expect(nextRunOf({ schedules: [] })).toBeNull()
  expect(
    nextRunOf({
      schedules: [
        { ...schedule, nextRunAt: '2026-11-25T02:00:00.000Z' },
        { ...schedule, nextRunAt: null },
        { ...schedule, nextRunAt: '2026-11-24T02:00:00.000Z' },
      ],
    }),
  ).toBe('2026-11-24T02:00:00.000Z')
})
