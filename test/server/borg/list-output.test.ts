import { expect, test } from 'vitest'
import { createListingReader } from '../../../server/borg/list-output.ts'
import { parseRepositoryConfig } from '../../../server/borg/repository-config.ts'
import { nonceAbove, nonceText, parseNonce } from '../../../server/borg/repository-nonce.ts'

const archive = {
  archive: 'a',
  barchive: 'a',
  comment: '',
  end: '2026-03-01T12:00:01.000000',
  hostname: 'here',
  id: 'a1',
  name: 'a',
  start: '2026-03-01T12:00:00.000000',
  time: '2026-03-01T12:00:00.000000',
  username: 'ada',
}
const whole = {
  archives: [archive, { ...archive, id: 'b1', name: 'b' }],
  encryption: { mode: 'repokey' },
  repository: { id: 'r1', last_modified: '2026-03-01T12:00:00.000000', location: '/r' },
}

const read = (text: string, portion = text.length) => {
  const reader = createListingReader()
  for (let at = 0; at < text.length; at += portion) reader.push(Buffer.from(text.slice(at, at + portion)))
  return reader.end()
}

test('a listing is read whole, in whatever portions it comes', () => {
  for (const portion of [1, 7, 10_000]) {
    expect(read(JSON.stringify(whole, null, 4), portion)).toMatchObject({
      borgId: 'r1',
      encryption: 'REPOKEY',
      archives: [{ borgId: 'a1' }, { borgId: 'b1' }],
    })
  }
  expect(read(JSON.stringify({ ...whole, archives: [] }))).toMatchObject({ archives: [], borgId: 'r1' })
})

test('of anything else nothing is read', () => {
  const text = JSON.stringify(whole)
  expect(read('')).toBe('is missing')
  expect(read(' \n')).toBe('is missing')
  for (let length = 1; length < text.length; length += 1) expect(read(text.slice(0, length))).toBe('was cut short')
  const { archives, encryption, repository } = whole
  for (const other of [
    'no JSON at all',
    `${text}${text}`,
    `${text} and more`,
    '[]',
    '{}',
    'null',
    JSON.stringify({ encryption, repository }),
    JSON.stringify({ archives, encryption }),
    JSON.stringify({ archives, repository }),
    JSON.stringify({ ...whole, archives: {} }),
    JSON.stringify({ ...whole, archives: { a: archive } }),
    JSON.stringify({ ...whole, archives: null }),
    JSON.stringify({ ...whole, archives: [archive, { ...archive, id: undefined }] }),
    JSON.stringify({ ...whole, archives: [archive, null] }),
    JSON.stringify({ ...whole, repository: { id: 3 } }),
  ]) {
    expect([other, read(other)]).toEqual([other, 'cannot be understood'])
  }
})

test('the config of a repository tells its id and whether the key is in it', () => {
  const id = '0d132e628ed70d8a3a24118a363fe9a821972a8ab7df96135694b24c532dbb11'
  const text = `[repository]\nversion = 1\nappend_only = 0\nid = ${id}\n`
  expect(parseRepositoryConfig(text)).toMatchObject({ id, hasKey: false })
  expect(parseRepositoryConfig(`${text}key = hqlhbGdvcml0aG2m\n\troT8puQm\n`)).toMatchObject({ id, hasKey: true })
  expect(parseRepositoryConfig(`${text}key =\n`)).toMatchObject({ id, hasKey: false })
  expect(parseRepositoryConfig('')).toBeNull()
  expect(parseRepositoryConfig(`id = ${id}\n`)).toBeNull()
  expect(parseRepositoryConfig('[repository]\nid = 12\n')).toBeNull()
})

test('a number that nothing was encrypted with lies far above all that are known', () => {
  expect(parseNonce('000000003000003a')).toBe(0x3000003an)
  expect(parseNonce('000000003000003A\n')).toBe(0x3000003an)
  for (const text of ['', 'none', '0x12', '00000000300000000', '-1']) expect(parseNonce(text)).toBeNull()
  expect(nonceText(nonceAbove([0x3000003an, 0x10n]) ?? 0n)).toBe('000001003000003a')
  expect(nonceAbove([])).toBe(2n ** 40n)
  expect(nonceAbove([2n ** 64n - 2n ** 41n])).toBeNull()
})
