import { describe, expect, test } from 'vitest'
import { keyRepositoryId } from '../../../server/borg/key.ts'
import { parseRepositoryConfig } from '../../../server/borg/repository-config.ts'

const id = 'e7d323ec0ad3439175d03f16abaf0fec3eb64537ddf3a1fec4ccd2e7ba94ba9d'

/** As borg 1.2.4 printed it. */
const body = `hqlhbGdvcml0aG2mc2hhMjU2pGRhdGHaAN5LE8Sl8eLmgZjUldGNjnVJMP/lrbXw0/At5J
ARfi+VxI1Hr3XRmcVvvw502uf91tb2bXSulc+U6adJEwp0k1J76o2i9R46cpM3XAynJWjb
MVIr66omJbS3AHVuCTcN8bZ8XvftSBqe87JMnpyPhrY+uf0aBLZhZBFpE8DbM5UFWvneuS
4IvM3B/m4kEFoxZRrB6fOjiqd6WyNbPEUuL5mGxcZI88lZ8ZoCwo5DDSdJekFhU9C6/m8t
Sn2mHVpnH7yPZqpkjXAtJMEf47yFNaDJh0GntsNAwEPrSHFlJBOkaGFzaNoAIHtXV7T4VM
Hil57tz07sykJVbutGqHShIFZGE4n4k2D5qml0ZXJhdGlvbnPOAAGGoKRzYWx02gAg9puA
f670VUuVNaJxJIBJxoay5b+0OCg20irFN5N5hEendmVyc2lvbgE=`

describe('a key', () => {
  test('says which repository it belongs to', () => {
    expect(keyRepositoryId(`BORG_KEY ${id}\n${body}\n`)).toBe(id)
    expect(keyRepositoryId(`BORG_KEY ${id}\n${body.replaceAll('\n', '')}`)).toBe(id)
  })

  test.each([
    ['without a body', ''],
    ['with rubbish for a body', 'rubbish'],
    ['cut short', body.slice(0, 400)],
    ['with a line missing', body.replace(/^MVIr.*\n/m, '')],
    ['with a body that is no map', `QUJD${body.slice(4)}`],
    ['that is much too long', `${body.replace('=', '').slice(0, -3)}${'QUJD'.repeat(4000)}`],
    ['with a character that is none of base64', body.replace('E8Sl', 'E8S-')],
  ])('is no key: one %s', (_what, text) => {
    expect(keyRepositoryId(`BORG_KEY ${id}\n${text}\n`)).toBeNull()
  })

  test('is no key without its first line', () => {
    expect(keyRepositoryId(body)).toBeNull()
    expect(keyRepositoryId(`BORG_KEY ${id.slice(1)}\n${body}`)).toBeNull()
  })
})

describe('the config of a repository', () => {
  const config = `[repository]\nversion = 1\nid = ${id}\n`

  test.each([
    ['of a repository with its key in a file', '', false],
    ['with an empty key', 'key = \n', false],
    ['with an empty key before another option', 'key =\nappend_only = 0\n', false],
    ['with a key', 'key = hqlhbGdv\n\tcml0aG2m\n', true],
    ['with a key from the next line on', 'key =\n\thqlhbGdv\n', true],
    ['written by hand', 'Key: hqlhbGdv\r\n', true],
    ['with an option that is called much the same', 'key2 = hqlhbGdv\n', false],
  ])('%s', (_what, more, hasKey) => {
    expect(parseRepositoryConfig(`${config}${more}`)).toMatchObject({ id, hasKey })
    expect(parseRepositoryConfig(`[repository]\n${more}id = ${id}\n`)).toMatchObject({ id, hasKey })
  })

  test.each([
    ['append_only = 1\n', true],
    ['Append_Only: 1\r\n', true],
    ['append_only = 0\n', false],
    ['', false],
  ])('says whether it is append-only: %j', (more, isAppendOnly) => {
    expect(parseRepositoryConfig(`${config}${more}`)).toMatchObject({ isAppendOnly })
  })

  test('that has no id', () => {
    expect(parseRepositoryConfig('[repository]\nid = 12\n')).toBeNull()
  })
})
