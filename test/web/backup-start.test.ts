import { expect, test } from 'vitest'
import { startOf } from '../../web/src/pages/repositories/start.ts'
import { usualOptions } from '../../web/src/text/options.ts'

const last: NonNullable<Parameters<typeof startOf>[0]> = {
  sources: ['/home'],
  patterns: [],
  compression: { algorithm: 'LZMA', level: 6, isAuto: false, obfuscation: null },
  ...usualOptions(),
  archiveName: '{hostname}-{plan}-{utcnow}',
  comment: '',
}

const { sources, patterns, compression, archiveName, comment, ...options } = last

test('should begin with what the last backup without a plan was asked for', () => {
  expect(startOf(last)).toEqual({ sources: ['/home'], compression, options })
  expect(startOf({ ...last, uploadLimit: 1, excludeCaches: true })).toEqual({
    sources: ['/home'],
    compression,
    options: { ...options, uploadLimit: 1, excludeCaches: true },
  })
})

test('should not take folders without the rules that belonged to them', () => {
  const more = { patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] } satisfies Partial<typeof last>
  expect(startOf({ ...last, ...more }).sources).toEqual([])
})

test('should begin with no folder where there was none', () => {
  expect(startOf(null)).toMatchObject({ sources: [], compression: { algorithm: 'ZSTD', isAuto: true } })
})
