import { expect, test } from 'vitest'
import { fitCompression, sayCompression } from '../../web/src/text/compression.ts'

test('should say compressions as borg does', () => {
  expect(sayCompression({ algorithm: 'LZ4', level: null, isAuto: false })).toBe('lz4')
  expect(sayCompression({ algorithm: 'ZLIB', level: 0, isAuto: false })).toBe('zlib,0')
  expect(sayCompression({ algorithm: 'LZMA', level: 6, isAuto: true })).toBe('auto,lzma,6')
  expect(sayCompression({ algorithm: 'ZSTD', level: 3, isAuto: true, obfuscation: 110 })).toBe(
    'obfuscate,110,auto,zstd,3',
  )
})

test('should ask for what the algorithm can do only', () => {
  expect(fitCompression({ algorithm: 'LZ4', level: 9, isAuto: true })).toEqual({
    algorithm: 'LZ4',
    level: null,
    isAuto: true,
    obfuscation: null,
  })
  expect(fitCompression({ algorithm: 'ZSTD', level: 99, obfuscation: 110 })).toEqual({
    algorithm: 'ZSTD',
    level: 22,
    isAuto: false,
    obfuscation: 110,
  })
  expect(fitCompression({ algorithm: 'ZSTD', level: null })).toMatchObject({ level: 3 })
  expect(fitCompression({ algorithm: 'LZMA', level: Number.NaN })).toMatchObject({ level: 6 })
  expect(fitCompression({ algorithm: 'NONE', level: 3, isAuto: true })).toEqual({
    algorithm: 'NONE',
    level: null,
    isAuto: false,
    obfuscation: null,
  })
})
