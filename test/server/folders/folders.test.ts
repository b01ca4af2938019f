import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { absolutePath, isInside, resolvePath } from '../../../server/folders/path.ts'
import { readFolder } from '../../../server/folders/service.ts'
import { startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('absolutePath', () => {
  test('normalises', () => {
    expect(absolutePath.parse('/srv//a/../b/./')).toBe('/srv/b')
    expect(absolutePath.parse('/')).toBe('/')
    expect(absolutePath.parse('//')).toBe('/')
    expect(absolutePath.parse('/-rf')).toBe('/-rf')
    expect(absolutePath.parse('/new\nline')).toBe('/new\nline')
  })

  test.each([
    ['relative', 'must be an absolute path, beginning with /'],
    ['', 'must be an absolute path, beginning with /'],
    ['-rf', 'must be an absolute path, beginning with /'],
    ['ssh://host/repository', 'must be an absolute path, beginning with /'],
    ['/a\0b', 'must not contain NUL'],
    ['/a\ud800b', 'must be valid Unicode'],
    [`/${'a'.repeat(4096)}`, 'is longer than 4096 characters'],
  ])('refuses %j', (path, message) => {
    expect(absolutePath.safeParse(path).error?.issues[0]?.message).toBe(message)
  })
})

test('isInside tells a folder and what is in it from what only begins alike', () => {
  expect(isInside('/srv/a', '/srv/a')).toBe(true)
  expect(isInside('/srv/a/b', '/srv/a')).toBe(true)
  expect(isInside('/srv/a/..b', '/srv/a')).toBe(true)
  expect(isInside('/srv/ab', '/srv/a')).toBe(false)
  expect(isInside('/srv', '/srv/a')).toBe(false)
  expect(isInside('/srv/a', '/')).toBe(true)
})

test('resolvePath follows symbolic links, also below which nothing is yet', async () => {
  const folder = await resolvePath(temporaryFolder())
  mkdirSync(join(folder, 'real'))
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  expect(await resolvePath(join(folder, 'link'))).toBe(join(folder, 'real'))
  expect(await resolvePath(join(folder, 'link', 'new', 'deep'))).toBe(join(folder, 'real', 'new', 'deep'))
  expect(await resolvePath('/no/such/path')).toBe('/no/such/path')
})

describe('readFolder', () => {
  test('lists folders by name, whatever their names, and nothing else', async () => {
    const path = temporaryFolder()
    const names = ['-dash', '10', '9', '<script>', 'b', "it's", 'new\nline']
    for (const name of names) mkdirSync(join(path, name))
    mkdirSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0x61, 0xff])]))
    writeFileSync(join(path, 'file'), 'text')
    const { folders, ...rest } = await readFolder(`${path}/`)
    expect(rest).toEqual({ path, parent: join(path, '..'), isTruncated: false })
    expect(folders.map(({ name }) => name).sort()).toEqual([...names].sort())
    const numbers = folders.map(({ name }) => name).filter((name) => /^\d+$/.test(name))
    expect(numbers).toEqual(['9', '10'])
    expect(folders[0]).toMatchObject({ path: join(path, folders[0]?.name ?? ''), isReadable: true })
  })

  test('stops at a thousand', async () => {
    const path = temporaryFolder()
    for (let i = 0; i <= 1000; i++) mkdirSync(join(path, String(i)))
    const folder = await readFolder(path)
    expect(folder.folders).toHaveLength(1000)
    expect(folder.isTruncated).toBe(true)
  })

  test('says what is wrong with a path', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'text')
    await expect(readFolder('/no/such')).rejects.toThrow('/no/such does not exist.')
    await expect(readFolder(file)).rejects.toThrow(`${file} is not a folder.`)
    await expect(readFolder('relative')).rejects.toThrow('must be an absolute path, beginning with /')
  })

  test('is answered by the API', async () => {
    const server = await startServer()
    const api = await server.setUp()
    const query =
      'query ($path: String!) { folder(path: $path) { __typename ... on Folder { parent } ... on Problem { message } } }'
    expect(await api.query(query, { path: '/' })).toEqual({ folder: { __typename: 'Folder', parent: null } })
    expect(await api.query(query, { path: '/no/such' })).toEqual({
      folder: { __typename: 'LocationUnusable', message: '/no/such does not exist.' },
    })
  })
})
