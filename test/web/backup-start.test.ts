import { expect, test } from 'vitest'
import { startOf } from '../../web/src/pages/repositories/start.ts'

const last: NonNullable<Parameters<typeof startOf>[0]> = {
  sources: ['/home'],
  patterns: [],
  compression: { algorithm: 'LZMA', level: 6, isAuto: false, obfuscation: null },
  excludeCaches: false,
  oneFileSystem: false,
  numericIds: false,
  checkpointInterval: null,
  uploadLimit: null,
  archiveName: '{hostname}-{plan}-{utcnow}',
  comment: '',
}

test('should begin with what the last backup without a plan was asked for', () => {
  expect(startOf(last)).toEqual({ sources: ['/home'], compression: last.compression })
})

test.each<Partial<typeof last>>([
  { patterns: [{ action: 'EXCLUDE', style: 'SH', pattern: '*.tmp' }] },
  { excludeCaches: true },
  { oneFileSystem: true },
  { numericIds: true },
  { checkpointInterval: 60 },
  { uploadLimit: 1 },
])('should not take folders without what belonged to them: %j', (more) => {
  expect(startOf({ ...last, ...more }).sources).toEqual([])
})

test('should begin with no folder where there was none', () => {
  expect(startOf(null)).toMatchObject({ sources: [], compression: { algorithm: 'ZSTD', isAuto: true } })
})
