import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import {
  cancelJob,
  createRepository,
  importRepository,
  jobEnd,
  jobWhere,
  passphrase,
  readArchives,
  readIdentity,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { holdLock } from '../../support/lock.ts'
import { startServer } from '../../support/server.ts'
import { smallSource } from '../../support/sources.ts'
import { switchableBorg } from '../../support/switchable-borg.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const borg = switchableBorg()
let api: ApiClient

beforeAll(async () => {
  api = await (await startServer({ environment: { PATH: borg.path } })).setUp()
})

const backUp = async (id: string) => jobEnd(api, await startBackup(api, id, [smallSource()]))
const refresh = async (id: string) => jobEnd(api, await startRefresh(api, id))

const traceback = `printf 'Traceback (most recent call last):\\n  File "/usr/bin/borg", line 33, in <module>\\nModuleNotFoundError: No module named msgpack\\n' >&2; exit 1`
const crashed = 'Borg broke off: ModuleNotFoundError: No module named msgpack. Nothing was changed.'

test('a list that is missing, cut short or not understood fails the task and takes no archive away', async () => {
  const { id } = await readyRepository(api)
  const { archive } = await backUp(id)
  const left = 'What is known of the archives was left as it was.'
  const answers: [string, string][] = [
    ['exit 0', `Borg’s list of archives is missing, although borg ended with status 0. ${left}`],
    ['exit 1', `Borg’s list of archives is missing, although borg ended with status 1. ${left}`],
    [traceback, crashed],
    [
      `printf '{"archives": [{"name": "a"'`,
      `Borg’s list of archives was cut short, although borg ended with status 0. ${left}`,
    ],
    ["echo '{}'", `Borg’s list of archives cannot be understood, although borg ended with status 0. ${left}`],
    [
      `echo '{"archives": [], "encryption": {"mode": "repokey-blake2"}, "repository": {"id": "${'0'.repeat(64)}"}}'`,
      expect.stringContaining(`There is another repository at this path now: it has the id ${'0'.repeat(12)}…`),
    ],
  ]
  for (const [instead, problem] of answers) {
    borg.replace('list', instead)
    expect(await refresh(id)).toMatchObject({
      state: 'FAILED',
      problem,
      tasks: [{ kind: 'LIST', state: 'FAILED', problem }],
      repository: { state: 'FAILED', problem },
    })
    expect(await readArchives(api, id)).toEqual([expect.objectContaining({ id: archive?.id })])
    expect(await readIdentity(api, id)).toMatchObject({ vanishedArchiveCount: 0 })
  }
  borg.replace('list')
  expect(await refresh(id)).toMatchObject({ state: 'COMPLETED', repository: { state: 'READY', problem: null } })
  expect((await readArchives(api, id))[0]?.id).toBe(archive?.id)
})

test('a borg that did nothing is not taken to have created a repository, or made a backup', async () => {
  const { id } = await readyRepository(api)
  for (const [instead, problem, list] of [
    [
      'exit 0',
      'Borg ended with status 0, but did not say which archive it has made. Archives made before are whole.',
      'COMPLETED',
    ],
    // It never came to open the repository.
    [traceback, crashed, 'SKIPPED'],
  ] as const) {
    borg.replace('create', instead)
    expect(await backUp(id)).toMatchObject({
      state: 'FAILED',
      problem,
      archive: null,
      tasks: [
        { kind: 'BACKUP', state: 'FAILED' },
        { kind: 'LIST', state: list },
      ],
    })
  }
  borg.replace('create')

  borg.replace('init', 'exit 0')
  const location = join(temporaryFolder(), 'new')
  const none = await jobEnd(api, await createRepository(api, { location }))
  expect(none).toMatchObject({
    state: 'FAILED',
    problem: `Borg said that it was done, but there is no repository at ${location}.`,
    repository: { state: 'FAILED', problem: none.problem },
  })
  borg.replace('init', traceback)
  expect(await jobEnd(api, await createRepository(api, { location: join(temporaryFolder(), 'new') }))).toMatchObject({
    state: 'FAILED',
    problem: crashed,
  })
  borg.replace('init')
})

test('a repository says why it could not be opened the last time, and is tried again without a person', async () => {
  const { id, location } = await readyRepository(api)
  await backUp(id)
  const away = join(temporaryFolder(), 'away')
  cpSync(location, away, { recursive: true })
  rmSync(location, { recursive: true })
  const gone = await refresh(id)
  expect(gone).toMatchObject({ state: 'FAILED', repository: { state: 'FAILED', problem: gone.problem } })
  expect(await readIdentity(api, id)).toMatchObject({ isUsable: true, doubt: null })
  expect(await backUp(id)).toMatchObject({ state: 'FAILED', problem: gone.problem })

  cpSync(away, location, { recursive: true })
  expect(await backUp(id)).toMatchObject({ state: 'COMPLETED', repository: { state: 'READY', problem: null } })
  const lock = await holdLock(location, { passphrase })
  await api.query('mutation ($id: ID!) { updateRepository(input: {id: $id, lockWait: 0}) { __typename } }', { id })
  expect(await refresh(id)).toMatchObject({ state: 'FAILED', repository: { state: 'READY', problem: null } })
  await lock.release()
})

test('a refresh that is cancelled while an import runs says nothing of the import', async () => {
  const { id, location } = await readyRepository(api)
  await api.query('mutation ($id: ID!) { deleteRepository(input: {id: $id}) { __typename } }', { id })
  const lock = await holdLock(location, { passphrase })
  const started = await importRepository(api, { location, passphrase })
  const importing = await jobWhere(api, started, ({ tasks }) => tasks[0]?.progress.message != null)
  const importedId = importing.repository?.id ?? ''
  const refreshing = await startRefresh(api, importedId)
  await jobWhere(api, refreshing, ({ tasks }) => tasks[0]?.progress.message != null)
  await cancelJob(api, refreshing.id)
  expect(await jobEnd(api, refreshing)).toMatchObject({ state: 'CANCELLED' })
  expect(await readRepository(api, importedId)).toMatchObject({ state: 'PENDING', problem: null })
  await lock.release()
  expect(await jobEnd(api, started)).toMatchObject({
    state: 'COMPLETED',
    repository: { state: 'READY', problem: null },
  })
})

test('a repository whose creation is cancelled may be there in part, and that is said', async () => {
  borg.replace('init', 'echo begun >&2; exec sleep 1000')
  const started = await createRepository(api, { location: join(temporaryFolder(), 'repository'), passphrase })
  await jobWhere(api, started, ({ tasks }) => (tasks[0]?.lineCount ?? 0) > 0)
  await cancelJob(api, started.id)
  borg.replace('init')
  const problem = 'Cancelled. What was begun of the repository is left at its path.'
  expect(await jobEnd(api, started)).toMatchObject({
    state: 'CANCELLED',
    problem,
    tasks: [{ kind: 'INIT', state: 'CANCELLED', problem }, {}],
    repository: { state: 'FAILED' },
  })
})
