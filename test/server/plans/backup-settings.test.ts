import { expect, test } from 'vitest'
import { z } from 'zod'
import { optionsShape } from '../../../server/borg/options.ts'
import { backupSettings } from '../../../server/plans/backup-settings.ts'

test('settings of jobs from before there were plans still mean what they did', () => {
  const old = { sources: ['/srv'], compression: { algorithm: 'ZSTD', level: 3, isAuto: true }, comment: 'old' }
  expect(backupSettings.parse(old)).toEqual({
    sources: ['/srv'],
    compression: { algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: null },
    archiveName: '{hostname}-{plan}-{utcnow}',
    patterns: [],
    ...z.object(optionsShape).parse({}),
    comment: 'old',
  })
})

test('the settings of jobs that have none are no settings of a backup', () => {
  expect(backupSettings.safeParse({}).success).toBe(false)
})
