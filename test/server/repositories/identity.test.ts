import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ApiClient } from '../../support/api-client.ts'
import { borg } from '../../support/borg.ts'
import {
  acceptRepository,
  importRepository,
  jobEnd,
  passphrase,
  readArchives,
  readIdentity,
  readRepository,
  readyRepository,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { startServer, type TestServer } from '../../support/server.ts'
import { smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

let server: TestServer
let api: ApiClient

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
})

const newPath = () => join(temporaryFolder(), 'repository')

const backUp = async (id: string) => jobEnd(api, await startBackup(api, id, [smallSource()]))
const refresh = async (id: string) => jobEnd(api, await startRefresh(api, id))

const forget = async (repositoryId: string, until: string) =>
  (
    await api.query<{ forgetVanishedArchives: { vanishedArchiveCount: number } }>(
      `mutation ($input: ForgetVanishedArchivesInput!) {
        forgetVanishedArchives(input: $input) { ... on Repository { vanishedArchiveCount } }
      }`,
      { input: { repositoryId, until } },
    )
  ).forgetVanishedArchives.vanishedArchiveCount

/** What the person who looks at the page of a repository confirms. */
const acceptAsShown = async (repositoryId: string) => {
  const { doubt, foundBorgId } = await readIdentity(api, repositoryId)
  return jobEnd(api, await acceptRepository(api, { repositoryId, doubt, borgId: foundBorgId }))
}

const nonceOf = (location: string) => BigInt(`0x${readFileSync(join(location, 'nonce'), 'utf8').trim()}`)

describe('another repository at the place of one', () => {
  test.each([
    ['repokey', passphrase],
    ['none', ''],
  ])('that is new (%s) gets no backup until a person has accepted it', async (mode, secret) => {
    const { id, location } = await readyRepository(api)
    const { archive } = await backUp(id)
    const before = await readIdentity(api, id)
    const away = newPath()
    renameSync(location, away)
    await borg(['init', '--encryption', mode, location], { passphrase: secret })

    const refused = await backUp(id)
    expect(refused).toMatchObject({
      state: 'FAILED',
      problem: expect.stringContaining('There is another repository at this path now: it has the id '),
      tasks: [
        { kind: 'BACKUP', state: 'FAILED', commandLine: null },
        { kind: 'LIST', state: 'SKIPPED' },
      ],
      repository: { state: 'FAILED', problem: refused.problem },
    })
    expect(await borg(['list', '--short', location], { passphrase: secret })).toBe('')
    expect(await refresh(id)).toMatchObject({ state: 'FAILED', problem: refused.problem })
    const doubted = await readIdentity(api, id)
    expect(doubted).toMatchObject({ borgId: before.borgId, doubt: 'REPLACED', vanishedArchiveCount: 0 })
    expect(refused.problem).toContain(doubted.foundBorgId?.slice(0, 12))
    expect(await readRepository(api, id)).toMatchObject({ encryption: 'REPOKEY_BLAKE2' })
    expect((await readArchives(api, id)).map(({ name }) => name)).toEqual([archive?.name])

    // Nothing but what is there, and for the reason that is shown.
    const { foundBorgId: borgId } = doubted
    for (const other of [
      { doubt: 'MOVED', borgId },
      { doubt: 'REPLACED', borgId: before.borgId },
    ]) {
      expect(await acceptRepository(api, { repositoryId: id, ...other })).toMatchObject({ __typename: 'NotInDoubt' })
    }
    expect(await acceptAsShown(id)).toMatchObject({
      kind: 'ACCEPT_REPOSITORY',
      state: 'COMPLETED',
      repository: { state: 'READY', problem: null },
    })
    expect(await readRepository(api, id)).toMatchObject({ encryption: mode.toUpperCase() })
    const accepted = await readIdentity(api, id)
    expect(accepted).toMatchObject({
      borgId,
      doubt: null,
      foundBorgId: null,
      vanishedArchiveCount: 1,
      latestArchive: null,
      vanishedArchives: { edges: [{ node: { name: archive?.name } }] },
    })
    expect(await readArchives(api, id)).toEqual([])
    expect(await backUp(id)).toMatchObject({ state: 'COMPLETED' })

    const [vanished] = accepted.vanishedArchives.edges
    const vanishedAt = vanished?.node.vanishedAt ?? ''
    expect(await forget(id, new Date(Date.parse(vanishedAt) - 1).toISOString())).toBe(1)
    expect(await forget(id, vanishedAt)).toBe(0)

    rmSync(location, { recursive: true })
    renameSync(away, location)
    expect(await backUp(id)).toMatchObject({ state: 'FAILED', repository: { state: 'FAILED' } })
  })

  test('that is managed here too is told by its name, and cannot be accepted', async () => {
    const [one, other] = [await readyRepository(api), await readyRepository(api, { name: 'the other one' })]
    renameSync(one.location, newPath())
    cpSync(other.location, one.location, { recursive: true })
    expect(await backUp(one.id)).toMatchObject({
      state: 'FAILED',
      problem: `${one.location} is a copy of the repository the other one, which is managed here already at ${other.location}: both have the same id, and borg takes them for one. Nothing was changed.`,
    })
    expect(await readIdentity(api, one.id)).toMatchObject({ doubt: null })
  })

  test('that is confirmed is opened only if it is still there, and stays to be confirmed while it cannot be opened', async () => {
    const { id, location } = await readyRepository(api)
    renameSync(location, newPath())
    const options = { passphrase: 'another passphrase' }
    await borg(['init', '--encryption', 'repokey', location], options)
    await refresh(id)
    const problem = 'The passphrase is wrong. Nothing was changed.'
    expect(await acceptAsShown(id)).toMatchObject({ state: 'FAILED', problem, repository: { problem } })
    const shown = await readIdentity(api, id)
    expect(shown).toMatchObject({ doubt: 'REPLACED' })

    rmSync(location, { recursive: true })
    await borg(['init', '--encryption', 'repokey', location], { passphrase })
    expect(await acceptAsShown(id)).toMatchObject({
      state: 'FAILED',
      problem: 'What is at this path now is not what was confirmed. Nothing was changed.',
    })
    expect((await readIdentity(api, id)).foundBorgId).not.toBe(shown.foundBorgId)
    expect(await acceptAsShown(id)).toMatchObject({ state: 'COMPLETED', repository: { state: 'READY' } })
  })
})

test('a repository that is encrypted in another way and older than it was is used after each has been confirmed once', async () => {
  const { id, location } = await readyRepository(api)
  await backUp(id)
  const copy = newPath()
  cpSync(location, copy, { recursive: true })
  await backUp(id)
  rmSync(location, { recursive: true })
  await borg(['init', '--encryption', 'none', location])
  await refresh(id)
  expect(await acceptAsShown(id)).toMatchObject({ state: 'COMPLETED' })

  rmSync(location, { recursive: true })
  cpSync(copy, location, { recursive: true })
  await refresh(id)
  expect(await readIdentity(api, id)).toMatchObject({ doubt: 'REPLACED' })
  expect(await acceptAsShown(id)).toMatchObject({ state: 'FAILED' })
  expect(await readIdentity(api, id)).toMatchObject({ doubt: 'ROLLED_BACK' })
  expect(await acceptAsShown(id)).toMatchObject({ state: 'COMPLETED', repository: { state: 'READY' } })
  expect(await readRepository(api, id)).toMatchObject({ encryption: 'REPOKEY_BLAKE2' })
  expect(await readIdentity(api, id)).toMatchObject({ vanishedArchiveCount: 1 })
})

describe('archives that vanish', () => {
  test('stay until a person has seen it, count for nothing, and are there again when they are listed again', async () => {
    const { id, location } = await readyRepository(api)
    const named = { archiveName: 'always-the-same' }
    const [first, second] = [
      await jobEnd(api, await startBackup(api, id, [smallSource()], named)),
      await jobEnd(api, await startBackup(api, id, [smallSource()], { archiveName: 'second' })),
    ]
    const copy = newPath()
    cpSync(location, copy, { recursive: true })
    await borg(['delete', `${location}::second`], { passphrase })
    await borg(['delete', `${location}::${first.archive?.name}`], { passphrase })
    expect(await refresh(id)).toMatchObject({ state: 'COMPLETED' })
    expect(await readIdentity(api, id)).toMatchObject({
      vanishedArchiveCount: 2,
      latestArchive: null,
      vanishedArchives: { edges: [{ node: { name: 'second' } }, { node: { name: first.archive?.name } }] },
    })
    expect(await readArchives(api, id)).toEqual([])
    expect((await jobEnd(api, second)).archive).toMatchObject({ name: 'second' })

    const again = await jobEnd(api, await startBackup(api, id, [smallSource()], named))
    expect(again.archive?.name).toBe(first.archive?.name)

    // Older than borg knows it, with what had vanished and without what was made since.
    rmSync(location, { recursive: true })
    cpSync(copy, location, { recursive: true })
    await refresh(id)
    expect(await acceptAsShown(id)).toMatchObject({ state: 'COMPLETED' })
    expect((await readArchives(api, id)).map(({ id }) => id)).toEqual([second.archive?.id, first.archive?.id])
    expect(await readIdentity(api, id)).toMatchObject({ vanishedArchiveCount: 1, latestArchive: { name: 'second' } })
  })
})

describe('a repository that is older than it was', () => {
  test.each(['REPOKEY_BLAKE2', 'NONE'])('(%s) is used again after a person has confirmed it', async (encryption) => {
    const secret = encryption === 'NONE' ? null : passphrase
    const { id, location } = await readyRepository(api, { encryption, passphrase: secret })
    const kept = await backUp(id)
    const copy = newPath()
    cpSync(location, copy, { recursive: true })
    await backUp(id)
    await backUp(id)
    const isEncrypted = encryption !== 'NONE'
    const highest = isEncrypted ? nonceOf(location) : 0n
    rmSync(location, { recursive: true })
    cpSync(copy, location, { recursive: true })

    const refused = await backUp(id)
    expect(refused).toMatchObject({
      state: 'FAILED',
      problem: expect.stringContaining('an older copy of it was put back. If you have done so yourself, confirm'),
      repository: { state: 'FAILED' },
    })
    expect(await readIdentity(api, id)).toMatchObject({ doubt: 'ROLLED_BACK', vanishedArchiveCount: 0 })
    expect(await acceptAsShown(id)).toMatchObject({
      state: 'COMPLETED',
      tasks: [{ kind: 'ACCEPT_ROLLBACK' }, { kind: 'LIST' }],
      repository: { state: 'READY', problem: null },
    })
    expect(await readIdentity(api, id)).toMatchObject({
      doubt: null,
      vanishedArchiveCount: 2,
      latestArchive: { name: kept.archive?.name },
    })
    if (isEncrypted) expect(nonceOf(location)).toBeGreaterThanOrEqual(highest + 2n ** 40n)
    const nonceBefore = isEncrypted ? nonceOf(location) : 0n
    // What has vanished with the later state does not bring the doubt back.
    const { borgId } = await readIdentity(api, id)
    const security = join(server.dataFolder, 'borg/.config/borg/security', borgId ?? '')
    writeFileSync(join(security, 'manifest-timestamp'), '')
    expect(await backUp(id)).toMatchObject({ state: 'COMPLETED' })
    if (isEncrypted) expect(nonceOf(location)).toBeGreaterThan(nonceBefore)
    await borg(['check', '--verify-data', location], { passphrase: secret ?? '' })
  })
})

describe('a repository that was moved', () => {
  test('is found again at its new path with its plans, after a person has confirmed it', async () => {
    const { id, location } = await readyRepository(api)
    await backUp(id)
    const moved = newPath()
    renameSync(location, moved)
    expect(await backUp(id)).toMatchObject({ state: 'FAILED', repository: { state: 'FAILED' } })

    const move = async (path: string) =>
      (
        await api.query<{ updateRepository: { __typename: string; message?: string } }>(
          `mutation ($input: UpdateRepositoryInput!) {
            updateRepository(input: $input) { __typename ... on Problem { message } }
          }`,
          { input: { id, location: path } },
        )
      ).updateRepository
    const other = newPath()
    await borg(['init', '--encryption', 'none', other])
    expect(await move(other)).toMatchObject({
      __typename: 'LocationUnusable',
      message: expect.stringContaining('is another repository than this one'),
    })
    expect(await move(moved)).toMatchObject({ __typename: 'Repository' })
    expect(await refresh(id)).toMatchObject({ state: 'FAILED', repository: { state: 'FAILED' } })
    expect(await readIdentity(api, id)).toMatchObject({ doubt: 'MOVED' })
    expect(await acceptAsShown(id)).toMatchObject({ state: 'COMPLETED', repository: { state: 'READY' } })
    expect(await readIdentity(api, id)).toMatchObject({ doubt: null, vanishedArchiveCount: 0 })
    expect(await backUp(id)).toMatchObject({ state: 'COMPLETED' })
  })
})

describe('one repository', () => {
  test('imported twice at once, by a link to it, is managed once', async () => {
    const [location, other] = [newPath(), newPath()]
    const link = join(temporaryFolder(), 'link')
    for (const path of [location, other]) await borg(['init', '--encryption', 'repokey', path], { passphrase })
    // What a link leads to is known for sure only when it is opened: here it is another repository until then.
    symlinkSync(other, link)
    await api.query('mutation { pauseQueue(input: {}) { __typename } }')
    const started = await Promise.all(
      [location, link].map((path) => importRepository(api, { location: path, passphrase })),
    )
    rmSync(link)
    symlinkSync(location, link)
    await api.query('mutation { resumeQueue { __typename } }')
    const jobs = await Promise.all(started.map((job) => jobEnd(api, job)))
    expect(jobs.map(({ state }) => state).sort()).toEqual(['COMPLETED', 'FAILED'])
    const [winner, loser] = [...jobs].sort((a, b) => a.state.localeCompare(b.state))
    const { name } = (await readRepository(api, winner?.repository?.id ?? '')) ?? {}
    expect(loser).toMatchObject({
      problem: expect.stringContaining(` is the repository ${name}, which is managed here already at `),
      tasks: [{ kind: 'LIST', commandLine: null }],
      repository: { state: 'FAILED', problem: loser?.problem },
    })
    expect(await refresh(loser?.repository?.id ?? '')).toMatchObject({ state: 'FAILED', problem: loser?.problem })
    expect(await backUp(winner?.repository?.id ?? '')).toMatchObject({ state: 'COMPLETED' })
  })

  test('and a copy of it: the copy is refused, with words', async () => {
    const { location } = await readyRepository(api, { name: 'first of two' })
    const copy = newPath()
    cpSync(location, copy, { recursive: true })
    expect(await importRepository(api, { location: copy, passphrase })).toEqual({
      __typename: 'LocationUnusable',
      message: `${copy} is a copy of the repository first of two, which is managed here already at ${location}: both have the same id, and borg takes them for one.`,
    })
    rmSync(location, { recursive: true })
    expect((await importRepository(api, { location: copy, passphrase })).message).toBe(
      `${copy} is the repository first of two, or a copy of it, which is managed here already and cannot be found at ${location} now: if it was moved, change its path.`,
    )
  })
})
