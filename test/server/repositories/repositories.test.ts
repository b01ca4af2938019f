import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { borg } from '../../support/borg.ts'
import {
  cancelJob,
  createRepository,
  firstProgress,
  importRepository,
  jobEnd,
  passphrase,
  readArchives,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { holdLock } from '../../support/lock.ts'
import { readOnlyFolder } from '../../support/mounts.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let server: TestServer
let api: ApiClient

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
})

const newPath = () => join(temporaryFolder(), 'repository')

/** A repository that borg made elsewhere, with one archive. */
const foreignRepository = async (encryption: string) => {
  const location = newPath()
  const options = { passphrase, baseFolder: temporaryFolder(), workingFolder: smallSource() }
  await borg(['init', '--encryption', encryption, location], options)
  await borg(['create', `${location}::made-elsewhere`, '.'], options)
  return { location, options }
}

const updateRepository = async (input: Readonly<Record<string, unknown>>) =>
  (
    await api.query<{ updateRepository: { __typename: string; message?: string } }>(
      `mutation ($input: UpdateRepositoryInput!) {
        updateRepository(input: $input) { __typename ... on Problem { message } }
      }`,
      { input },
    )
  ).updateRepository

const deleteRepository = async (id: string) =>
  (
    await api.query<{ deleteRepository: { __typename: string; message?: string } }>(
      `mutation ($id: ID!) {
        deleteRepository(input: {id: $id}) { __typename ... on Problem { message } ... on DeletedRepository { id } }
      }`,
      { id },
    )
  ).deleteRepository

describe('creating', () => {
  test.each([
    ['REPOKEY_BLAKE2', 'repokey-blake2'],
    ['KEYFILE', 'keyfile'],
    ['AUTHENTICATED', 'authenticated'],
    ['NONE', 'none'],
  ])('makes a repository of the mode %s that a backup goes into', async (encryption, name) => {
    const secret = encryption === 'NONE' ? null : passphrase
    const job = await jobEnd(api, await createRepository(api, { location: newPath(), encryption, passphrase: secret }))
    expect(job).toMatchObject({
      kind: 'CREATE_REPOSITORY',
      state: 'COMPLETED',
      problem: null,
      tasks: [
        { kind: 'INIT', state: 'COMPLETED' },
        { kind: 'LIST', state: 'COMPLETED' },
      ],
    })
    expect(job.tasks[0]?.commandLine).toContain(` --encryption ${name} `)
    const id = job.repository?.id ?? ''
    expect(await readRepository(api, id)).toMatchObject({ state: 'READY', encryption, lockWait: 60 })
    expect(await jobEnd(api, await startBackup(api, id, [smallSource()]))).toMatchObject({ state: 'COMPLETED' })
  })

  test('makes the folders above it, and takes an empty one that is there', async () => {
    const deep = join(temporaryFolder(), 'a', 'b', 'c')
    expect(await jobEnd(api, await createRepository(api, { location: deep }))).toMatchObject({ state: 'COMPLETED' })
    const empty = temporaryFolder()
    expect(await jobEnd(api, await createRepository(api, { location: empty }))).toMatchObject({ state: 'COMPLETED' })
  })

  test('refuses a path that cannot be one, and says why', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'text')
    const { location } = await foreignRepository('none')
    const full = smallSource()
    const expected: [string, string][] = [
      [file, 'is a file.'],
      [join(file, 'below'), 'leads through a file.'],
      [full, 'is a folder that is not empty.'],
      [location, 'already is a borg repository: import it instead.'],
      [join(server.dataFolder, 'repository'), "is inside Borgitory's own data folder."],
      [server.dataFolder, "is inside Borgitory's own data folder."],
      [join(readOnlyFolder(), 'new'), 'is not writable for Borgitory.'],
      ['/proc/self/cwd/x', 'is in /proc or leads through it: the system shows its own state there.'],
    ]
    const link = join(temporaryFolder(), 'link')
    symlinkSync(server.dataFolder, link)
    expected.push([join(link, 'repository'), "is inside Borgitory's own data folder."])
    for (const [path, why] of expected) {
      expect(await createRepository(api, { location: path })).toEqual({
        __typename: 'LocationUnusable',
        message: `${path} ${why}`,
      })
    }
  })

  test('refuses input that breaks a rule', async () => {
    const refused = async (input: Readonly<Record<string, unknown>>) =>
      (await createRepository(api, { location: newPath(), ...input })).message
    expect(await refused({ location: 'relative' })).toBe('location: must be an absolute path, beginning with /')
    expect(await refused({ location: '/' })).toBe('location: cannot be the root folder')
    expect(await refused({ location: '/srv/a::b' })).toBe('location: must not contain ::')
    for (const location of ['/srv/a:', '/srv/a:/', '/srv/b:/a:']) {
      expect(await refused({ location })).toBe('location: must not end with :')
    }
    // Borg would know it from another path the next time, and call that an attack.
    for (const location of ['/srv/a ', '/srv/a /', '/srv/a\u00a0', '/srv/a\n', '/srv/a\u001f', '/srv/a\u0085']) {
      expect(await refused({ location })).toBe('location: must not end with a space or another blank')
    }
    expect(await refused({ location: '/srv/a\rb' })).toBe('location: must not contain a carriage return')
    expect(await refused({ location: '/srv/{now}' })).toBe('location: must not contain { or }')
    expect(await refused({ name: ' ' })).toBe('name: is missing')
    for (const name of ['\u200b', 'photos\u202egpj']) {
      expect(await refused({ name })).toBe(
        'name: must not contain line breaks, control characters or invisible characters',
      )
    }
    expect(await refused({ passphrase: 'short' })).toBe('passphrase: must have 8 characters or more')
    expect(await refused({ name: 'half of \ud83d' })).toBe('name: must be Unicode text')
    expect(await refused({ passphrase: 'only half of \ud83d' })).toBe('passphrase: must be Unicode text')
    expect(await refused({ passphrase: 'two\nlines of it' })).toBe('passphrase: must be one line')
    expect(await refused({ encryption: 'NONE' })).toBe('passphrase: a repository without encryption has no passphrase')
    expect(await refused({ lockWait: -1 })).toBe('lockWait: must be 0 or more')
  })

  test('refuses a path that borg would read as its neighbour, and takes one below a folder with such a name', async () => {
    const { location } = await readyRepository(api)
    for (const begin of [createRepository, importRepository]) {
      expect(await begin(api, { location: `${location}:`, passphrase })).toEqual({
        __typename: 'InvalidInput',
        message: 'location: must not end with :',
      })
    }
    const below = await readyRepository(api, { location: join(temporaryFolder(), 'a:', 'repository') })
    const job = await jobEnd(api, await startBackup(api, below.id, [smallSource()]))
    expect(job).toMatchObject({ state: 'COMPLETED' })
    expect(await borg(['list', '--short', below.location], { passphrase })).toBe(`${job.archive?.name}\n`)
  })

  test('refuses a name and a path that another repository has, also by another way to it', async () => {
    const location = newPath()
    await jobEnd(api, await createRepository(api, { name: 'taken', location }))
    expect(await createRepository(api, { name: 'taken', location: newPath() })).toEqual({
      __typename: 'NameTaken',
      message: 'There already is a repository named taken.',
    })
    const link = join(temporaryFolder(), 'link')
    symlinkSync(location, link)
    for (const path of [location, `${location}/`, link]) {
      expect((await importRepository(api, { location: path })).message).toMatch(/ is managed here already\.$/)
    }
    expect((await createRepository(api, { location: join(location, 'data', 'new') })).message).toBe(
      `${location}/data/new is inside the repository ${location}.`,
    )
  })
})

describe('importing', () => {
  test.each(['repokey', 'none'])('opens a %s repository and shows its archives', async (encryption) => {
    const { location } = await foreignRepository(encryption)
    const secret = encryption === 'none' ? null : passphrase
    const job = await jobEnd(api, await importRepository(api, { location, passphrase: secret }))
    expect(job).toMatchObject({ kind: 'IMPORT_REPOSITORY', state: 'COMPLETED', tasks: [{ kind: 'LIST' }] })
    const id = job.repository?.id ?? ''
    expect(await readRepository(api, id)).toMatchObject({ state: 'READY', encryption: encryption.toUpperCase() })
    expect((await readArchives(api, id)).map(({ name }) => name)).toEqual(['made-elsewhere'])
    expect(await jobEnd(api, await startBackup(api, id, [smallSource()]))).toMatchObject({ state: 'COMPLETED' })
  })

  test('opens a keyfile repository with its key, and says what is missing without it or with another one', async () => {
    const { location, options } = await foreignRepository('keyfile')
    const keyFile = join(temporaryFolder(), 'key')
    await borg(['key', 'export', location, keyFile], options)
    const key = readFileSync(keyFile, 'utf8')

    const without = await jobEnd(api, await importRepository(api, { location, passphrase }))
    expect(without).toMatchObject({
      state: 'FAILED',
      problem: 'The key file of the repository is not here: import the repository with its key. Nothing was changed.',
      repository: { state: 'FAILED' },
    })
    expect(await deleteRepository(without.repository?.id ?? '')).toMatchObject({ __typename: 'DeletedRepository' })

    const otherKey = key.replace(/^BORG_KEY .*/, `BORG_KEY ${'0'.repeat(64)}`)
    expect(await importRepository(api, { location, passphrase, key: otherKey })).toEqual({
      __typename: 'InvalidInput',
      message: 'key: belongs to another repository',
    })
    const whole = 'key: is no whole borg key: it was cut short, or changed on its way'
    const [first = ''] = key.split('\n')
    for (const cut of [key.slice(0, -60), `${first}\nrubbish`, `${first}\n${'QUJD'.repeat(100)}`, first]) {
      expect((await importRepository(api, { location, passphrase, key: cut })).message).toBe(whole)
    }
    expect((await importRepository(api, { location, passphrase, key: 'not a key' })).message).toBe(
      'key: must be what `borg key export` printed, which begins with BORG_KEY',
    )
    // As it was saved on another system.
    const pasted = `\ufeff${key.replaceAll('\n', '\r\n')}\r\n`
    const job = await jobEnd(api, await importRepository(api, { location, passphrase, key: pasted }))
    expect(job).toMatchObject({ state: 'COMPLETED', tasks: [{ kind: 'IMPORT_KEY' }, { kind: 'LIST' }] })
    expect(await readArchives(api, job.repository?.id ?? '')).toHaveLength(1)
  })

  test('refuses a key for a repository that has its own, which borg would overwrite', async () => {
    for (const encryption of ['repokey', 'authenticated']) {
      const { location, options } = await foreignRepository(encryption)
      const keyFile = join(temporaryFolder(), 'key')
      await borg(['key', 'export', location, keyFile], options)
      const [key, config] = [readFileSync(keyFile, 'utf8'), readFileSync(join(location, 'config'), 'utf8')]
      const environment = { BORG_NEW_PASSPHRASE: 'another passphrase' }
      await borg(['key', 'change-passphrase', location], { ...options, environment })
      const changed = readFileSync(join(location, 'config'), 'utf8')
      expect(changed).not.toBe(config)

      const given = { location, passphrase: 'another passphrase' }
      expect(await importRepository(api, { ...given, key })).toEqual({
        __typename: 'InvalidInput',
        message: 'key: must be left out: this repository keeps its key in itself',
      })
      expect(readFileSync(join(location, 'config'), 'utf8')).toBe(changed)
      expect(await jobEnd(api, await importRepository(api, given))).toMatchObject({ state: 'COMPLETED' })
    }
  })

  test('keeps the key that it has where a new one does not open the repository', async () => {
    const { location, options } = await foreignRepository('keyfile-blake2')
    const keyFile = join(temporaryFolder(), 'key')
    await borg(['key', 'export', location, keyFile], options)
    const key = readFileSync(keyFile, 'utf8')
    const imported = await jobEnd(api, await importRepository(api, { location, passphrase, key }))
    expect(imported).toMatchObject({ state: 'COMPLETED' })
    await deleteRepository(imported.repository?.id ?? '')
    const keys = join(server.dataFolder, 'borg', '.config', 'borg', 'keys')
    const kept = () => readdirSync(keys).map((name) => readFileSync(join(keys, name), 'utf8'))
    const before = kept()
    expect(before).toContain(key)

    const lines = key.split('\n')
    const other = lines.map((line, place) => (place === 3 ? line.replace(/^.{4}/, 'AAAA') : line)).join('\n')
    const problem =
      'The key and the passphrase do not open the repository together: one of them is wrong. The keys that Borgitory keeps are as they were.'
    for (const given of [
      { passphrase, key: other },
      { passphrase: 'not this one', key },
    ]) {
      const failed = await jobEnd(api, await importRepository(api, { location, ...given }))
      expect(failed).toMatchObject({ state: 'FAILED', problem, tasks: [{ state: 'FAILED' }, { state: 'SKIPPED' }] })
      expect(kept()).toEqual(before)
      expect(readdirSync(join(server.dataFolder, 'borg', 'keys-on-trial'))).toEqual([])
      await deleteRepository(failed.repository?.id ?? '')
    }
    expect(await jobEnd(api, await importRepository(api, { location, passphrase }))).toMatchObject({
      state: 'COMPLETED',
    })
  })

  test('tells that the passphrase is wrong, and succeeds once it was put right', async () => {
    const { location } = await foreignRepository('repokey')
    const failed = await jobEnd(api, await importRepository(api, { location, passphrase: 'not this one' }))
    const problem = 'The passphrase is wrong. Nothing was changed.'
    expect(failed).toMatchObject({ state: 'FAILED', problem, repository: { state: 'FAILED', problem } })
    const id = failed.repository?.id ?? ''
    expect(await startBackup(api, id, [smallSource()])).toEqual({
      __typename: 'RepositoryNotReady',
      message: `The repository cannot be used now. ${problem}`,
    })

    expect(await updateRepository({ id, passphrase })).toEqual({ __typename: 'Repository' })
    expect(await jobEnd(api, await startRefresh(api, id))).toMatchObject({
      state: 'COMPLETED',
      repository: { state: 'READY', problem: null },
    })
    expect(await readArchives(api, id)).toHaveLength(1)
  })

  test('of a repository that was moved fails until a person confirms that, once', async () => {
    for (const input of [{}, { encryption: 'NONE', passphrase: null }]) {
      const { id, location } = await readyRepository(api, input)
      await jobEnd(api, await startBackup(api, id, [smallSource()]))
      expect(await deleteRepository(id)).toMatchObject({ __typename: 'DeletedRepository' })
      const moved = newPath()
      renameSync(location, moved)
      const given = { location: moved, passphrase, ...input, encryption: undefined }

      const refused = await jobEnd(api, await importRepository(api, given))
      expect(refused).toMatchObject({
        state: 'FAILED',
        problem: expect.stringContaining('If you have moved it yourself, confirm that'),
        repository: { state: 'FAILED' },
      })
      const refusedId = refused.repository?.id ?? ''
      expect(await jobEnd(api, await startRefresh(api, refusedId))).toMatchObject({ state: 'FAILED' })
      await deleteRepository(refusedId)

      const job = await jobEnd(api, await importRepository(api, { ...given, isMoved: true }))
      expect(job).toMatchObject({ state: 'COMPLETED', problem: null, repository: { state: 'READY' } })
      const movedId = job.repository?.id ?? ''
      expect(await readArchives(api, movedId)).toHaveLength(1)
      expect(await jobEnd(api, await startBackup(api, movedId, [smallSource()]))).toMatchObject({ state: 'COMPLETED' })
      expect(await jobEnd(api, await startRefresh(api, movedId))).toMatchObject({ state: 'COMPLETED' })
    }
  })

  test('that failed can be tried again, also of a repository without encryption', async () => {
    const { location } = await foreignRepository('none')
    const lock = await holdLock(location)
    const failed = await jobEnd(api, await importRepository(api, { location, lockWait: 0 }))
    expect(failed).toMatchObject({ state: 'FAILED', problem: expect.stringContaining('holds the lock') })
    await lock.release()
    const id = failed.repository?.id ?? ''
    expect(await jobEnd(api, await startRefresh(api, id))).toMatchObject({
      state: 'COMPLETED',
      repository: { state: 'READY', problem: null },
    })
    expect(await readRepository(api, id)).toMatchObject({ encryption: 'NONE' })
  })

  test('is the only leave to open one without encryption: later, borg must know it', async () => {
    const { id } = await readyRepository(api, { encryption: 'NONE', passphrase: null })
    for (const folder of ['.cache', '.config']) {
      rmSync(join(server.dataFolder, 'borg', folder, 'borg'), { recursive: true })
    }
    expect(await jobEnd(api, await startRefresh(api, id))).toMatchObject({
      state: 'FAILED',
      problem: expect.stringContaining('is not encrypted, and borg has not seen it before'),
    })
  })

  test('refuses a path where no repository is, and says why', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'text')
    const folder = smallSource()
    const empty = temporaryFolder()
    const lookalike = temporaryFolder()
    mkdirSync(join(lookalike, 'data'))
    writeFileSync(join(lookalike, 'config'), 'something else')
    const inside = join(server.dataFolder, 'borg')
    const expected: [string, string][] = [
      ['/no/such/path', 'does not exist.'],
      [file, 'is a file.'],
      [folder, 'exists, but is not a borg repository.'],
      [empty, 'exists, but is not a borg repository.'],
      [lookalike, 'exists, but is not a borg repository.'],
      [inside, "is inside Borgitory's own data folder."],
    ]
    for (const [path, why] of expected) {
      expect(await importRepository(api, { location: path, passphrase })).toEqual({
        __typename: 'LocationUnusable',
        message: `${path} ${why}`,
      })
    }
  })

  test('refuses a repository that cannot be written', async () => {
    const { location } = await foreignRepository('none')
    const path = join(readOnlyFolder(location), 'repository')
    expect((await importRepository(api, { location: path })).message).toBe(`${path} is not writable for Borgitory.`)
  })
})

describe('changing and removing', () => {
  test('a name can be changed, not to one that is taken', async () => {
    const [one, two] = [await readyRepository(api, { name: 'one' }), await readyRepository(api, { name: 'two' })]
    expect(await updateRepository({ id: one.id, name: 'first', lockWait: 5 })).toEqual({ __typename: 'Repository' })
    expect(await readRepository(api, one.id)).toMatchObject({ name: 'first', lockWait: 5 })
    expect(await updateRepository({ id: two.id, name: 'first' })).toEqual({
      __typename: 'NameTaken',
      message: 'There already is a repository named first.',
    })
  })

  test('a repository is not removed while a job works on it; later its files stay', async () => {
    const { id, location } = await readyRepository(api)
    const started = await startBackup(api, id, [largeSource(40)], slowly)
    await firstProgress(api, started)
    expect(await deleteRepository(id)).toEqual({
      __typename: 'RepositoryBusy',
      message: 'A job of this repository has not ended: wait for it or cancel it. Nothing was changed.',
    })
    await cancelJob(api, started.id)
    await jobEnd(api, started)
    expect(await deleteRepository(id)).toMatchObject({ __typename: 'DeletedRepository', id })
    expect(await readRepository(api, id)).toBeNull()
    expect(await deleteRepository(id)).toMatchObject({
      __typename: 'RepositoryNotFound',
      message: 'There is no repository with this id.',
    })
    await borg(['list', location], { passphrase })
  })

  test('a backup refuses sources that it must not read', async () => {
    const { id, location } = await readyRepository(api)
    const refused = async (source: string) => (await startBackup(api, id, [source])).message
    expect(await refused(server.dataFolder)).toBe(`${server.dataFolder} is inside Borgitory's own data folder.`)
    expect(await refused(location)).toBe(`${location} is inside the repository that it would be backed up into.`)
    const source = smallSource()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(source, link)
    expect(await startBackup(api, id, [link])).toEqual({
      __typename: 'LocationUnusable',
      message: `${link} is a symbolic link: choose what it leads to, ${source}.`,
    })
    expect(await refused('-rf')).toBe('sources.0: must be an absolute path, beginning with /')
    expect((await startBackup(api, id, [])).message).toBe('sources: choose at least one folder')
    const level = { compression: { algorithm: 'ZSTD', level: 23 } }
    expect((await startBackup(api, id, [smallSource()], level)).message).toBe(
      'compression.level: ZSTD has the levels 1 to 22',
    )
  })
})
