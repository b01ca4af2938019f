import { describe, expect, test } from 'vitest'
import { createMasking } from '../../../server/secrets/masking.ts'
import { Secret } from '../../../server/secrets/secret.ts'

const masking = (...values: string[]) => createMasking(values.map((value) => new Secret(value)))

/** What is shown of a text that comes in pieces of so many bytes. */
const shown = (values: readonly string[], text: string, size: number) => {
  const { push, end } = masking(...values)
  const bytes = Buffer.from(text)
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(push(bytes.subarray(at, at + size)))
  return Buffer.concat([...parts, end()]).toString('utf8')
}

describe('masking', () => {
  test.each([
    [
      'one value, also where it comes twice',
      ['pässword'],
      'a pässword, pässwordpässword',
      'a [secret], [secret][secret]',
    ],
    [
      'what begins like a value and is none',
      ['password'],
      'pass passwor passworX password',
      'pass passwor passworX [secret]',
    ],
    ['the longer of two that begin alike', ['token', 'token-2'], 'token token-2 token-', '[secret] [secret] [secret]-'],
    ['a value that repeats itself', ['aaab'], 'aaaaab', 'aa[secret]'],
    ['a value of several lines', ['one line\ntwo lines'], 'x one line\ntwo lines y', 'x [secret] y'],
    ['its lines, each for itself', ['one line\n  two lines\n}'], 'two lines\none line\n}', '[secret]\n[secret]\n}'],
    ['a value as a shell quotes it', ["isn't it"], `'isn'\\''t it' 'isn'"'"'t it'`, `'[secret]' '[secret]'`],
    ['no value that is short', ['abc', ''], 'abcabc', 'abcabc'],
    ['nothing where there is no value', [], 'password', 'password'],
    ['a value at the end, of which another one is the beginning', ['token', 'token and more'], 'a token', 'a [secret]'],
  ])('replaces %s, however it is cut', (_, values, text, expected) => {
    for (const size of [1, 2, 3, 5, 7, 1000]) expect(shown(values, text, size)).toBe(expected)
    expect(masking(...values).text(text)).toBe(expected)
  })

  test('shows at once what cannot become a value any more', () => {
    const { push } = masking('password')
    expect(push(Buffer.from('my pass')).toString()).toBe('my ')
    expect(push(Buffer.from('port is')).toString()).toBe('passport is')
  })

  test('is quick with many long values and much to print', () => {
    const values = Array.from({ length: 50 }, (_, index) => `${index} ${'x'.repeat(9_990)}\n`)
    const { push } = masking(...values)
    const chunk = Buffer.from(`${'0 xxxx 1 text '.repeat(5_000)}\n`)
    const begun = process.cpuUsage()
    for (let count = 0; count < 50; count++) push(chunk)
    expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(3)
  })
})
