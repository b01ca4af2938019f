import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type ApiClient, apiClient } from '../../support/api-client.ts'
import { borg } from '../../support/borg.ts'
import { cleanUpAfter } from '../../support/cleanup.ts'
import {
  createRepository,
  firstProgress,
  importRepository,
  jobEnd,
  type Started,
  startBackup,
  startRefresh,
} from '../../support/jobs.ts'
import { poll } from '../../support/poll.ts'
import { startPostgres } from '../../support/postgres.ts'
import { type ProcessSeen, processesWith } from '../../support/processes.ts'
import { launchServer } from '../../support/server-process.ts'
import { largeSource, slowly, smallSource } from '../../support/sources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Secrets that exist nowhere else, each given on a way of its own. */
const canaries = {
  setupToken: 'canary-setup-token-71c3',
  wrongSetupToken: 'canary-wrong-setup-token-19ab',
  password: 'canary-password-55e0',
  wrongPassword: 'canary-wrong-password-8d21',
  person: 'canary-password-of-another-66d2',
  changedPassword: 'canary-changed-password-12fe',
  wrongToken: 'borgitory_canary-wrong-api-token-f3a0-0000000000000000',
  created: 'canary-created-passphrase-c2f4',
  refused: 'canary-refused-passphrase-e0aa',
  wrongPassphrase: 'canary-wrong-passphrase-3b7d',
  keyfilePassphrase: 'canary-keyfile-passphrase-a9c8',
  updated: 'canary-updated-passphrase-64fe',
  hook: 'canary-hook-variable-7e15',
  refusedHook: 'canary-refused-hook-variable-0c9b',
  queue: 'canary-queue-password-b3e8',
}

/** A client that also keeps all that the API sends, except the cookie itself. */
const recordingClient = (url: string, answers: string[]): ApiClient => {
  const client = apiClient(url)
  cleanUpAfter(() => client.close())
  return {
    ...client,
    query: async <Data>(document: string, variables?: Readonly<Record<string, unknown>>) => {
      const { data, errors, status } = await client.request<Data>(document, variables)
      answers.push(JSON.stringify({ data, errors }))
      if (!data) throw new Error(`status ${status}: ${JSON.stringify(errors)}`)
      return data
    },
    async *subscribe<Data>(document: string, variables?: Readonly<Record<string, unknown>>) {
      for await (const data of client.subscribe<Data>(document, variables)) {
        answers.push(JSON.stringify(data))
        yield data
      }
    },
  }
}

/** Looks at the command lines and environments of all programs that work in the data folder, again and again. */
const watchProcesses = (dataFolder: string) => {
  const seen = new Map<string, ProcessSeen>()
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      for (const found of processesWith(dataFolder)) seen.set(`${found.pid} ${found.commandLine}`, found)
      await delay(10)
    }
  })()
  const stop = async () => {
    isOver = true
    await watching
    return [...seen.values()]
  }
  cleanUpAfter(() => void stop())
  return { stop }
}

/** What `read` gives, or `gone` where a server or a borg that runs removed it meanwhile. */
const unlessGone = <Value>(read: () => Value, gone: Value) => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return gone
    throw error
  }
}

const filesIn = (folder: string): string[] =>
  unlessGone(() => readdirSync(folder, { withFileTypes: true }), []).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })

const bytesOf = (file: string) => unlessGone(() => readFileSync(file), Buffer.alloc(0))

/** Which of the secrets are in a text or in bytes, as they are or in a common notation. */
const found = (secrets: Readonly<Record<string, string>>, text: string | Buffer) => {
  const bytes = Buffer.from(text)
  return Object.entries(secrets)
    .filter(([, secret]) => {
      const plain = Buffer.from(secret)
      const notations = [
        plain,
        plain.toString('hex'),
        plain.toString('base64').replace(/=+$/, ''),
        encodeURIComponent(secret),
      ]
      return notations.some((notation) => bytes.includes(notation))
    })
    .map(([name]) => name)
}

const everything = `{
  me { id username role createdAt } isSetUp system { version tools { name version problem } }
  repositories(first: 5) { edges { node {
    id name location state problem encryption lockWait locks { pid host isAlive command }
    archives(first: 5) { edges { node { name comment hostname username incompleteReason borgId } } }
  } } }
  users { nodes { id username } } apiTokens { nodes { id name scope owner { id } } }
  plans(first: 5) { edges { node {
    id name hooks { id name command environmentNames }
  } } }
  jobs(first: 20) { edges { node {
    id kind state problem waitingFor repositoryName requestedBy { username } backup { sources comment }
    tasks {
      id kind state problem commandLine output(first: 1000) { lines }
      fileProblems(first: 5) { edges { node { path message } } } progress { currentPath message }
    }
  } } }
}`

test('no secret that passes through the server can be found in its logs, answers, records, or processes', async () => {
  // Arranged by borg itself, before anybody looks.
  const location = join(temporaryFolder(), 'keyfile')
  const options = { passphrase: canaries.keyfilePassphrase, baseFolder: temporaryFolder() }
  await borg(['init', '--encryption', 'keyfile', location], options)
  const keyFile = join(temporaryFolder(), 'key')
  await borg(['key', 'export', location, keyFile], options)
  const key = readFileSync(keyFile, 'utf8')
  const protectedLocation = join(temporaryFolder(), 'repokey')
  await borg(['init', '--encryption', 'repokey', protectedLocation], { passphrase: 'no canary' })

  const postgres = await startPostgres(canaries.queue)
  const queue = { AGENDA_URL: postgres.url() }
  const dataFolder = temporaryFolder()
  const processes = watchProcesses(dataFolder)
  const server = await launchServer({
    dataFolder,
    environment: { BORGITORY_SETUP_TOKEN: canaries.setupToken, BORGITORY_LOG_LEVEL: 'debug', ...queue },
  })
  cleanUpAfter(() => server.kill())
  const answers: string[] = []
  const api = recordingClient(server.url, answers)
  const typeOf = async (mutation: string, input: Readonly<Record<string, unknown>>) => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`
    const answer = await api.query<Record<string, { __typename: string }>>(
      `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename ... on Problem { message } } }`,
      { input },
    )
    return answer[mutation]?.__typename
  }
  const ended = async (started: Started) => (await jobEnd(api, started)).state
  const username = 'ada'

  expect(await typeOf('setUp', { setupToken: canaries.wrongSetupToken, username, password: canaries.password })).toBe(
    'SetupTokenWrong',
  )
  expect(await typeOf('setUp', { setupToken: canaries.setupToken, username, password: canaries.password })).toBe('User')
  const [session = '', device = ''] = [...api.cookie().matchAll(/=([^=;]+)/g)].map(([, token = '']) => token)
  for (const token of [session, device]) expect(token.length).toBeGreaterThan(20)
  expect(await typeOf('signIn', { username, password: canaries.wrongPassword })).toBe('CredentialsWrong')
  expect(await typeOf('signIn', { username, password: canaries.password })).toBe('User')

  expect(await typeOf('createUser', { username: 'grace', password: canaries.person, role: 'VIEWER' })).toBe('User')
  expect(await typeOf('createUser', { username: 'grace', password: canaries.person, role: 'VIEWER' })).toBe('NameTaken')
  const { wrongPassword: currentPassword, changedPassword: newPassword } = canaries
  expect(await typeOf('changePassword', { currentPassword, newPassword })).toBe('CredentialsWrong')

  // Its one answer is the only one that may hold it.
  const { data } = await api.request<{ createApiToken: { token: string } }>(
    'mutation { createApiToken(input: {name: "ci", scope: READ}) { ... on CreatedApiToken { token } } }',
  )
  const apiToken = data?.createApiToken.token ?? ''
  expect(apiToken).toMatch(/^borgitory_/)
  for (const [token, status] of [
    [apiToken, 200],
    [canaries.wrongToken, 401],
  ] as const) {
    const { headers, ...answer } = await api.request(
      '{ me { id } apiTokens { nodes { name } } }',
      {},
      {
        authorization: `Bearer ${token}`,
        cookie: '',
      },
    )
    answers.push(JSON.stringify([answer, [...headers]]))
    expect(answer.status).toBe(status)
  }

  const created = await createRepository(api, {
    name: 'findable name',
    location: join(temporaryFolder(), 'created'),
    encryption: 'KEYFILE',
    passphrase: canaries.created,
  })
  expect(await ended(created)).toBe('COMPLETED')
  const id = created.repository?.id ?? ''
  expect(await ended(await startBackup(api, id, [smallSource()]))).toBe('COMPLETED')
  const planWith = (value: string) => {
    // Another program within, so that somebody sees it.
    const hook = { name: 'hook', moment: 'BEFORE', command: 'test -n "$TOKEN" && sleep 0.2; true' }
    const hooks = [{ ...hook, environment: [{ name: 'TOKEN', value }] }]
    return { name: 'plan', repositoryId: id, settings: { sources: [smallSource()] }, hooks }
  }
  expect(await typeOf('createPlan', planWith(canaries.refusedHook.repeat(1000)))).toBe('InvalidInput')
  expect(await typeOf('createPlan', planWith(canaries.hook))).toBe('BackupPlan')
  const { plans } = await api.query<{ plans: { edges: { node: { id: string } }[] } }>(everything)
  const { startBackup: byPlan } = await api.query<{ startBackup: Started }>(
    'mutation ($id: ID!) { startBackup(input: {planId: $id}) { __typename ... on Job { id } } }',
    { id: plans.edges[0]?.node.id },
  )
  expect(await ended(byPlan)).toBe('COMPLETED')
  expect((await createRepository(api, { location: '/dev/null', passphrase: canaries.refused })).__typename).toBe(
    'LocationUnusable',
  )
  const twoLines = `${canaries.refused}\n${canaries.refused}`
  expect((await createRepository(api, { location: '/srv/new', passphrase: twoLines })).__typename).toBe('InvalidInput')
  const wrong = await importRepository(api, { location: protectedLocation, passphrase: canaries.wrongPassphrase })
  expect(await ended(wrong)).toBe('FAILED')
  const withKey = await importRepository(api, { location, passphrase: canaries.keyfilePassphrase, key })
  expect(await ended(withKey)).toBe('COMPLETED')
  expect(await typeOf('updateRepository', { id, passphrase: canaries.updated })).toBe('Repository')
  expect(await ended(await startBackup(api, id, [smallSource()]))).toBe('FAILED')
  await api.query(everything)

  const secrets = { ...canaries, session, device, apiToken, key: key.split('\n')[2] ?? '' }
  expect(secrets.key.length).toBeGreaterThan(40)
  const assertRecordsHoldNone = () => {
    const holding = filesIn(dataFolder).flatMap((file) => {
      const where = relative(dataFolder, file)
      // The one place where borg itself keeps keys, each sealed with its passphrase.
      const isKey = where.startsWith('borg/.config/borg/keys/')
      const names = found(secrets, bytesOf(file)).filter((name) => !(isKey && name === 'key'))
      return names.map((name) => `${name} in ${where}`)
    })
    expect(holding).toEqual([])
  }
  const isRecorded = () =>
    filesIn(dataFolder).some((file) => found({ name: 'findable name' }, bytesOf(file)).length > 0)

  expect(isRecorded()).toBe(true)
  assertRecordsHoldNone()
  const running = await startBackup(api, withKey.repository?.id ?? '', [largeSource()], slowly)
  await firstProgress(api, running)
  await server.kill()
  assertRecordsHoldNone()

  const again = await launchServer({ dataFolder, environment: { BORGITORY_LOG_LEVEL: 'debug', ...queue } })
  cleanUpAfter(() => again.kill())
  const later = recordingClient(again.url, answers)
  await later.query(
    `mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on Problem { message } } }`,
    { input: { username, password: canaries.password } },
  )
  expect(await jobEnd(later, running)).toMatchObject({ state: 'INTERRUPTED' })
  expect(await jobEnd(later, await startRefresh(later, withKey.repository?.id ?? ''))).toMatchObject({
    state: 'COMPLETED',
  })
  await postgres.stop()
  expect(await jobEnd(later, await startRefresh(later, withKey.repository?.id ?? ''))).toMatchObject({
    state: 'COMPLETED',
  })
  await poll('the log says that the queue is gone', () => again.output().includes('The queue met a problem'))
  await later.query(everything)
  for (const path of ['/', '/healthz', '/readyz', '/metrics', '/graphql']) {
    answers.push(await (await later.fetch(path)).text())
  }
  expect(await again.stop()).toBe(0)
  assertRecordsHoldNone()

  expect(answers.length).toBeGreaterThan(30)
  expect(answers.join('\n')).toContain('borg create')
  expect(found(secrets, answers.join('\n'))).toEqual([])

  const link = `/set-up#token=${canaries.setupToken}`
  expect(server.output()).toContain(link)
  expect(server.output()).toContain('{"level":')
  expect(found(secrets, server.output().replace(link, ''))).toEqual([])
  expect(found(secrets, again.output())).toEqual([])

  const seen = await processes.stop()
  for (const command of ['main.ts', 'sleep 0.2', 'borg init', 'borg create', 'borg list', 'borg key import']) {
    expect(seen.filter(({ commandLine }) => commandLine.includes(command))).not.toEqual([])
  }
  // The person who starts the server hands it the set-up token and the queue's address; what it starts must not get those.
  // A hook finds its own variables in its environment, and nowhere else.
  for (const { commandLine, environment } of seen) {
    expect(found(secrets, commandLine)).toEqual([])
    const isHook = commandLine.includes('sleep 0.2')
    const own = commandLine.includes('main.ts') ? ['setupToken', 'queue'] : isHook ? ['hook'] : []
    expect(found(secrets, environment).filter((name) => !own.includes(name))).toEqual([])
  }
})
