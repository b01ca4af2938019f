import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signIn } from '../support/api-client.ts'
import { startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { waitFor } from '../support/wait-for.ts'

test('prints the one-time set-up link until there is an administrator', async () => {
  const first = await startServer()
  const link = `Set it up at ${first.url}/set-up#token=setup-token-of-the-tests`
  await expect.poll(() => first.output()).toContain(link)
  await first.setUp()
  expect(await first.stop()).toBe(0)

  const second = await startServer({ dataFolder: first.dataFolder })
  const client = second.client()
  await signIn(client)

  expect(await client.query('{ me { username } }')).toEqual({ me: { username: 'ada' } })
  expect(second.output()).not.toContain('set-up#token')
})

test('keeps everything where only its owner may look', async () => {
  const { dataFolder } = await startServer()

  expect(statSync(dataFolder).mode & 0o777).toBe(0o700)
})

test.each([0o777, 0o1777])('leaves a folder with other things alone that is open to others (%o)', async (mode) => {
  const dataFolder = temporaryFolder()
  writeFileSync(join(dataFolder, 'other'), 'text')
  chmodSync(dataFolder, mode)

  await expect(startServer({ dataFolder })).rejects.toThrow(
    `Borgitory cannot start. The data folder ${dataFolder} holds other things and is open to others.`,
  )

  expect(statSync(dataFolder).mode & 0o7777).toBe(mode)
  expect(readdirSync(dataFolder)).toEqual(['other'])
})

test('closes an empty folder to others before it keeps anything there', async () => {
  const dataFolder = join(temporaryFolder(), 'data')
  mkdirSync(dataFolder)
  chmodSync(dataFolder, 0o777)

  await startServer({ dataFolder })

  expect(statSync(dataFolder).mode & 0o7777).toBe(0o700)
})

/** What a server printed that could not start. */
const startFailure = (environment: Readonly<Record<string, string>>) =>
  startServer({ environment }).then(
    () => 'it started',
    (error: Error) => error.message,
  )

test('says that it cannot listen in plain words, and stops with status 1', async () => {
  const { port } = new URL((await startServer()).url)

  const taken = await startFailure({ PORT: port })
  const elsewhere = await startFailure({ HOST: '192.0.2.1' })

  expect(taken).toContain(`127.0.0.1, port ${port}: another program listens there already.`)
  expect(taken).toContain('set PORT to another number')
  expect(elsewhere).toContain('192.0.2.1, port 0: HOST is no address of this machine.')
  for (const message of [taken, elsewhere]) {
    expect(message).toContain('ended with status 1 ')
    expect(message).not.toMatch(/^ +at |node:|EADDR/m)
  }
})

test('says what is wrong with the environment, and stops with status 1', async () => {
  await expect(startServer({ environment: { PORT: 'eighty' } })).rejects.toThrow(/PORT/)
})

test('does not start twice on the same records', async () => {
  const { dataFolder } = await startServer()

  await expect(startServer({ dataFolder })).rejects.toThrow(dataFolder)
  const link = `${temporaryFolder()}/link.sqlite`
  symlinkSync(`${dataFolder}/borgitory.sqlite`, link)
  await expect(startServer({ environment: { DATABASE_URL: `file:${link}` } })).rejects.toThrow(
    /Another Borgitory works with/,
  )
})

test('sends a job as it is first, and each change after that', async () => {
  const server = await startServer()
  const client = await server.setUp()
  const { createRepository } = await client.query<{ createRepository: { id: string } }>(
    `mutation ($input: CreateRepositoryInput!) { createRepository(input: $input) { ... on Job { id } } }`,
    { input: { name: 'first', location: `${temporaryFolder()}/repository`, encryption: 'NONE' } },
  )

  const changes = client.subscribe<{ jobChanged: { state: string } }>(
    'subscription ($id: ID!) { jobChanged(id: $id) { state } }',
    { id: createRepository.id },
  )
  const last = await waitFor(changes, ({ jobChanged }) => !['PENDING', 'QUEUED', 'RUNNING'].includes(jobChanged.state))

  expect(last.jobChanged.state).toBe('COMPLETED')
})

test('a subscription ends with an error when the connection is lost', async () => {
  const server = await startServer()
  const client = await server.setUp()
  const changes = client.subscribe('subscription { jobsChanged { id } }')
  const isOver = expect(changes.next()).rejects.toBeDefined()
  await expect.poll(() => client.isConnected()).toBe(true)

  client.dropConnection()

  await isOver
})
