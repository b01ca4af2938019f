import { describe, expect, test } from 'vitest'
import { hiddenProblem } from '../../server/text.ts'

describe('what people cannot see', () => {
  test.each([
    ['a zero-width space', 'pho\u200btos'],
    ['a zero-width space alone', '\u200b'],
    ['a turn of the direction', 'photos\u202egpj.exe'],
    ['an isolate', '\u2066photos\u2069'],
    ['a mark of direction', 'photos\u200f'],
    ['a soft hyphen', 'pho\u00adtos'],
    ['a byte order mark', 'photos\ufeff'],
    ['a filler', '\u3164'],
    ['a word joiner', 'a\u2060b'],
    ['a control character', 'a\u0007'],
    ['a line break', 'a\nb'],
    ['a line separator', 'a\u2028b'],
  ])('is refused: %s', (_what, text) => {
    expect(hiddenProblem(text)).toBe('must not contain line breaks, control characters or invisible characters')
  })

  test('is refused where there is nothing else', () => {
    for (const text of ['\u200d', '\ufe0f\u200c', '\u2800', ' ']) {
      expect(hiddenProblem(text)).toBe('has nothing that can be seen')
    }
    expect(hiddenProblem('half of \ud83d')).toBe('must be Unicode text')
  })
})

test('scripts and emoji that are written with joiners are names', () => {
  const flag = String.fromCodePoint(0x1f3f4, 0xe0067, 0xe0062, 0xe0065, 0xe006e, 0xe0067, 0xe007f)
  for (const text of [
    'photos',
    'Ünïcödé 照片',
    'می\u200cخواهم',
    '👨\u200d👩\u200d👧',
    '❤\ufe0f',
    flag,
    'ക\u0d4d\u200d',
    '%_\\',
  ]) {
    expect(hiddenProblem(text)).toBeNull()
  }
})
