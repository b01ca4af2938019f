import { execFileSync } from 'node:child_process'
import { lutimesSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CreateOptions, create } from '../../../server/borg/create.ts'
import { createDryRun, dryRunEntry } from '../../../server/borg/dry-run.ts'
import { type BackupOptions, type BorgOption, backupOptions, optionsShape } from '../../../server/borg/options.ts'
import { commandLine } from '../../../server/process/command.ts'
import { borg } from '../../support/borg.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { outcomeOf } from './outcome.ts'
import { repository } from './repository.ts'

const options = z.object(optionsShape)

const plain: CreateOptions = {
  archiveName: 'a',
  sources: ['/home'],
  compression: { algorithm: 'lz4', level: null, isAuto: false },
  comment: '',
}

test('what is not chosen is not said', () => {
  expect(create(repository, { ...plain, ...options.parse({}) }).args).toEqual(create(repository, plain).args)
})

test.each<[Partial<BackupOptions>, string]>([
  [{ filesCache: 'RECHUNK_MTIME' }, '--files-cache rechunk,mtime'],
  [{ excludeIfPresent: ['.no backup', '-x'] }, "'--exclude-if-present=.no backup' --exclude-if-present=-x"],
  [{ excludeNodump: true }, '--exclude-nodump'],
  [{ atime: true, noCtime: true, noBirthtime: true }, '--atime --noctime --nobirthtime'],
  [{ noXattrs: true, noAcls: true, noFlags: true }, '--noxattrs --noacls --noflags'],
  [{ sparse: true }, '--sparse --chunker-params fixed,4194304'],
  [{ readSpecial: true }, '--read-special'],
])('%j is said as %s', (chosen, said) => {
  expect(commandLine(create(repository, { ...plain, ...chosen }))).toContain(` --compression lz4 ${said} -- `)
})

test.each([
  ['checkpointInterval', -1],
  ['checkpointInterval', 86_401],
  ['checkpointInterval', 1.5],
  ['uploadLimit', 0],
  ['uploadLimit', 10_000_001],
  ['filesCache', 'size'],
  ['excludeIfPresent', Array.from({ length: 21 }, String)],
  ['sparse', 'yes'],
])('%s %j is refused', (field, value) => {
  expect(options.safeParse({ [field]: value }).error?.issues).toEqual([expect.objectContaining({ path: [field] })])
})

test.each([
  ['', 'has nothing that can be seen'],
  ['..', 'must be the name of a file'],
  ['a/b', 'must be a name without slashes'],
  ['a\nb', 'must not contain line breaks, control characters or invisible characters'],
  ['ä'.repeat(128), 'must not be longer than 255 bytes'],
])('the name %j to look for is refused in words', (name, message) => {
  expect(options.safeParse({ excludeIfPresent: ['.ok', name] }).error?.issues).toMatchObject([
    { path: ['excludeIfPresent', 1], message },
  ])
})

describe('the real borg', () => {
  let folder: string
  let location: string
  let baseFolder: string
  let version: readonly number[]

  /** Whether the file system of the tests keeps what a program of that name sets. */
  const canSet = (program: string, ...args: string[]) => {
    try {
      execFileSync(program, args, { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }

  interface Item {
    readonly path: string
    readonly [attribute: string]: unknown
  }

  /** What an archive that is made with these options holds of what is in the folder: attributes by names. */
  const archived = async (chosen: Partial<BackupOptions>): Promise<Partial<Record<string, Item>>> => {
    const archiveName = `a${Math.random()}`
    const command = create(
      { ...repository, location, baseFolder, passphrase: null },
      { ...plain, archiveName, sources: [folder], ...options.parse({}), ...chosen },
    )
    expect((await outcomeOf(command)).exitCode).toBe(0)
    const dump = await borg(['debug', 'dump-archive', `${location}::${archiveName}`, '-'], { baseFolder })
    const { _items: items } = JSON.parse(dump) as { _items: Item[] }
    return Object.fromEntries(items.map((item) => [item.path.replace(`${folder.slice(1)}/`, ''), item]))
  }

  beforeAll(async () => {
    folder = temporaryFolder()
    baseFolder = temporaryFolder()
    location = join(temporaryFolder(), 'repo')
    writeFileSync(join(folder, 'file'), 'content')
    mkdirSync(join(folder, 'tagged'))
    writeFileSync(join(folder, 'tagged', '.no backup'), '')
    writeFileSync(join(folder, 'tagged', 'x'), '')
    await borg(['init', '--encryption', 'none', location], { baseFolder })
    version =
      /(\d+)\.(\d+)/
        .exec(await borg(['--version']))
        ?.slice(1)
        .map(Number) ?? []
  })

  test('knows each option that it is said to know', async () => {
    const help = await borg(['create', '--help'])
    for (const [key, { argv, since }] of Object.entries<BorgOption>(backupOptions)) {
      const [name = ''] = [true, 1, ['x'], 'DISABLED'].flatMap((value) => {
        try {
          return argv(value).slice(0, 1)
        } catch {
          return []
        }
      })
      if (Number(since.split('.')[1]) > (version[1] ?? 0)) continue
      expect(help, key).toContain(` ${name.split('=')[0]}`)
    }
  })

  test('leaves out folders that hold a file of a name, in a dry run too', async () => {
    const excludeIfPresent = ['.no backup', '-x']
    expect(Object.keys(await archived({}))).toContain('tagged/x')
    expect(Object.keys(await archived({ excludeIfPresent }))).not.toContain('tagged/x')
    const { events } = await outcomeOf(
      createDryRun({ ...repository, baseFolder }, { sources: [folder], excludeIfPresent }),
    )
    expect(events.map(dryRunEntry)).toContainEqual({ path: join(folder, 'tagged'), outcome: 'EXCLUDED' })
  })

  test('stores when a file was last read where it is asked to, and not when it was changed where it is not to', async () => {
    lutimesSync(join(folder, 'file'), 1_000_000_000, 1_100_000_000)
    const usual = (await archived({})).file
    expect(usual).toMatchObject({ mtime: 1_100_000_000e9, ctime: expect.any(Number) })
    expect(usual).not.toHaveProperty('atime')
    const asked = (await archived({ atime: true, noCtime: true, noBirthtime: true })).file
    expect(asked).toHaveProperty('atime')
    expect(asked).not.toHaveProperty('ctime')
    expect(asked).not.toHaveProperty('birthtime')
  })

  test('stores no attributes, access lists and flags where it is not to', async () => {
    const path = join(folder, 'file')
    const has = {
      xattrs: canSet('setfattr', '-n', 'user.note', '-v', 'kept', path),
      acl_access: canSet('setfacl', '-m', 'u:daemon:r', path),
      bsdflags: canSet('chattr', '+d', path),
    }
    const kept = Object.entries(has).flatMap(([key, isKept]) => (isKept ? [key] : []))
    expect(Object.keys((await archived({})).file ?? {})).toEqual(expect.arrayContaining(kept))
    const bare = Object.keys((await archived({ noXattrs: true, noAcls: true, noFlags: true })).file ?? {})
    expect(bare).not.toEqual(expect.arrayContaining(['xattrs']))
    expect(bare.filter((key) => key in has)).toEqual([])
    if (has.bsdflags) expect(Object.keys(await archived({ excludeNodump: true }))).not.toContain('file')
  })

  test('cuts a file with holes into blocks, which it skips', async () => {
    const path = join(folder, 'image')
    writeFileSync(path, '')
    truncateSync(path, 64 * 1024 ** 3)
    const { image } = await archived({ sparse: true })
    expect(image).toMatchObject({ size: 64 * 1024 ** 3 })
    truncateSync(path, 0)
  })

  test('takes all options together', async () => {
    symlinkSync('file', join(folder, 'link'))
    const all = Object.fromEntries(
      Object.entries<BorgOption>(backupOptions).map(([key, { kind }]) => [
        key,
        { FLAG: true, NUMBER: 60, NAMES: ['.nobackup'], CHOICE: 'DISABLED' }[kind],
      ]),
    )
    expect(Object.keys(await archived({ ...options.parse(all), excludeNodump: false }))).toContain('link')
  })
})
