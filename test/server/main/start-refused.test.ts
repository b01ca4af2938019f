import { execFile } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import { smallRecords } from '../../../server/database/check.ts'
import { root } from '../../../server/setup/programs.mjs'
import { signIn } from '../../support/api-client.ts'
import { damagePage } from '../../support/damage.ts'
import { readRepository, readyRepository } from '../../support/jobs.ts'
import { readOnlyFolder, smallFolder } from '../../support/mounts.ts'
import { poll } from '../../support/poll.ts'
import { startServer } from '../../support/server.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A data folder as a server left it that has a repository, and its id. */
let used: string
let repositoryId: string

beforeAll(async () => {
  const server = await startServer()
  repositoryId = (await readyRepository(await server.setUp())).id
  await server.stop()
  used = server.dataFolder
})

const copyOfUsed = () => {
  const folder = join(temporaryFolder(), 'data')
  cpSync(used, folder, { recursive: true })
  return folder
}

/** What a server says that does not start: a sentence, and nothing else. */
const refusal = async (dataFolder: string, environment: Record<string, string> = {}, isUnprivileged = false) => {
  const error = await startServer({ dataFolder, environment, isUnprivileged }).then(
    () => new Error('It started.'),
    (error: Error) => error,
  )
  const [, status, said = ''] = /status (\d+) before it was ready:\n([\s\S]*)/.exec(error.message) ?? []
  expect(said, error.message).toMatch(/^Borgitory cannot start\. [^\n]+\n$/)
  expect(said).not.toMatch(/\bE[A-Z]{3,}\b|SQLITE_|\bError\b/)
  expect(status).toBe('1')
  return said
}

const starts = async (dataFolder: string) => {
  const server = await startServer({ dataFolder })
  const api = server.client()
  await signIn(api)
  expect(await readRepository(api, repositoryId)).toMatchObject({ state: 'READY' })
  await server.stop()
}

const fill = (folder: string) => {
  try {
    for (;;) writeFileSync(join(folder, 'filler'), Buffer.alloc(4096), { flag: 'a' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

describe('a key that is not the right one', () => {
  test('is missed where it is gone, and no other is made', async () => {
    const folder = copyOfUsed()
    const key = join(folder, 'secret.key')
    renameSync(key, `${key}.away`)
    expect(await refusal(folder)).toContain(`The key file ${key} is missing, and passphrases are sealed with it`)
    expect(existsSync(key)).toBe(false)
    renameSync(`${key}.away`, key)
    await starts(folder)
  })

  test('is refused where it is another', async () => {
    const folder = copyOfUsed()
    const other = await startServer()
    await other.stop()
    cpSync(join(other.dataFolder, 'secret.key'), join(folder, 'secret.key'))
    const said = await refusal(folder)
    expect(said).toContain('the passphrase of the repository')
    expect(said).toContain('Put the key file back that belongs to the records')
  })

  test('is made where nothing was sealed yet', async () => {
    const first = await startServer()
    await first.stop()
    rmSync(join(first.dataFolder, 'secret.key'))
    await (await startServer({ dataFolder: first.dataFolder })).stop()
  })
})

describe('records that are gone', () => {
  test.each(['gone', 'empty'])('are missed beside what belongs to them (%s), and none are made', async (how) => {
    const folder = copyOfUsed()
    const records = join(folder, 'borgitory.sqlite')
    rmSync(records)
    if (how === 'empty') writeFileSync(records, '')
    const said = await refusal(folder)
    expect(said).toContain(
      `The records ${records} are missing, but what belongs to them is there: ${join(folder, 'borg')}`,
    )
    expect(said).toContain('npm run restore-records')
    expect(said).toContain('To begin anew on purpose')
    if (how === 'gone') expect(existsSync(records)).toBe(false)
    for (const name of ['borg', 'secret.key']) renameSync(join(folder, name), join(folder, `${name}.away`))
    await (await startServer({ dataFolder: folder })).stop()
  })
})

describe('records that cannot be used', () => {
  test.each(['Repository', 'sqlite_autoindex_Repository_1'])(
    'are refused where a page is damaged (%s)',
    async (table) => {
      const folder = copyOfUsed()
      damagePage(join(folder, 'borgitory.sqlite'), table)
      const said = await refusal(folder)
      expect(said).toMatch(/The records \S+ (are damaged|cannot be used: the file is damaged)/)
      expect(said).toContain('npm run restore-records')
    },
  )

  test('are found to be damaged while the server works where they are too large to be looked through before', async () => {
    const folder = copyOfUsed()
    const file = join(folder, 'borgitory.sqlite')
    const db = new Sqlite(file)
    db.exec('CREATE TABLE "Large" (data BLOB)')
    db.prepare('INSERT INTO "Large" VALUES (zeroblob(?))').run(smallRecords)
    db.close()
    await starts(folder)
    damagePage(file, 'Large')

    const server = await startServer({ dataFolder: folder })
    await poll('the damage is found', () => server.output().includes('Borgitory stops.'))
    expect(await server.ended).toBe(1)
    expect(server.output()).toMatch(/^Borgitory stops\. The records \S+ are damaged [^\n]+npm run restore-records\.$/m)
  })

  test('are refused where they are something else', async () => {
    const folder = copyOfUsed()
    writeFileSync(join(folder, 'borgitory.sqlite'), 'something else '.repeat(1000))
    expect(await refusal(folder)).toContain('holds something else')
  })

  test.each(['folder', 'file'])('are refused where they may not be written (%s)', async (what) => {
    const folder = copyOfUsed()
    const elsewhere = temporaryFolder()
    renameSync(join(folder, 'borgitory.sqlite'), join(elsewhere, 'records.sqlite'))
    chmodSync(what === 'file' ? join(elsewhere, 'records.sqlite') : elsewhere, 0o500)
    const said = await refusal(folder, { DATABASE_URL: `file:${elsewhere}/records.sqlite` }, true)
    expect(said).toContain(`${elsewhere}/records.sqlite`)
    chmodSync(elsewhere, 0o700)
  })

  test('are refused where their place is a folder, or lies below a file', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(await refusal(join(folder, 'data'), { DATABASE_URL: `file:${folder}` })).toContain('it is a folder')
    const below = `${folder}/file/records.sqlite`
    expect(await refusal(join(folder, 'data'), { DATABASE_URL: `file:${below}` })).toContain(
      'a part of its path is no folder',
    )
  })
})

describe('a disk that cannot be used', () => {
  test('is named where it is read-only, with a data folder or without', async () => {
    const [full, empty] = [readOnlyFolder(`${used}/.`), readOnlyFolder()]
    expect(await refusal(full)).toMatch(/read-only/)
    expect(await refusal(join(empty, 'data'))).toMatch(
      /The data folder \S+ cannot be used: its disk is read-only\. Set/,
    )
  })

  test('is named where it is full, with a data folder or without', async () => {
    const [full, empty] = [smallFolder(16), smallFolder(1)]
    cpSync(used, join(full, 'data'), { recursive: true })
    for (const folder of [full, empty]) fill(folder)
    expect(await refusal(join(full, 'data'))).toMatch(/no space left|or is full/)
    expect(await refusal(join(empty, 'data'))).toMatch(/no space left|or is full/)
    rmSync(join(full, 'filler'))
    await starts(join(full, 'data'))
  })
})

test('a server goes back to a copy of its records by npm run restore-records', async () => {
  const folder = copyOfUsed()
  const run = async (...args: string[]) => {
    const environment = { PATH: process.env.PATH, BORGITORY_DATA: folder }
    const program = join(root, 'server/setup/restore-records.ts')
    return promisify(execFile)(process.execPath, [program, ...args], { env: environment }).catch(
      (error: { stdout: string; stderr: string }) => error,
    )
  }
  expect((await run()).stdout).toBe(`There is no copy of the records in ${folder}.\n`)
  const copy = join(folder, 'records-copies', '2026-01-01T04-00-00Z')
  mkdirSync(copy, { recursive: true })
  cpSync(join(folder, 'borgitory.sqlite'), join(copy, 'records.sqlite'))
  cpSync(join(folder, 'secret.key'), join(copy, 'secret.key'))
  damagePage(join(folder, 'borgitory.sqlite'), 'Repository')
  rmSync(join(folder, 'secret.key'))
  const damaged = readFileSync(join(folder, 'borgitory.sqlite'))

  expect((await run()).stdout).toMatch(
    /2026-01-01T04-00-00Z +\d+\.\d MB, with the key\n[\s\S]*npm run restore-records -- <copy>/,
  )
  const wrong = await run('2026-01-01')
  expect(wrong).toMatchObject({ code: 1, stderr: 'Nothing was restored. There is no copy 2026-01-01.\n' })
  const { stdout } = await run('2026-01-01T04-00-00Z')

  expect(stdout).toContain('The records are those of 2026-01-01T04-00-00Z again.')
  const [, before = ''] = /kept as (\S+)/.exec(stdout) ?? []
  expect(readFileSync(before).equals(damaged)).toBe(true)
  await starts(folder)

  const server = await startServer({ dataFolder: folder })
  expect((await run('2026-01-01T04-00-00Z')).stderr).toMatch(/^Nothing was restored\. Another Borgitory works with/)
  await server.stop()
  expect(readdirSync(folder).filter((name) => name.includes('.before-'))).toHaveLength(1)
})
