import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type ApiClient, administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { cuttableProxy } from '../support/cuttable-proxy.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { setupToken } from '../support/server-process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { username, password } = administrator
const passphrase = 'the passphrase of the repository'

let server: TestServer
let folder: string
let api: ApiClient

/** Many small files, and enough bytes that borg takes some seconds to compress them with LZMA. */
const fill = (path: string, files: number, size: number) => {
  mkdirSync(path, { recursive: true })
  for (let index = 0; index < files; index += 1) {
    writeFileSync(join(path, `file ${String(index).padStart(4, '0')}.txt`), randomBytes(size).toString('hex'))
  }
}

const signIn = async (page: Page, url: string) => {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

const openRepository = async (page: Page, name: string) => {
  await page.getByRole('link', { name: 'Repositories', exact: true }).first().click()
  // The overview names it too, in the links to its jobs.
  await page.getByRole('heading', { name: 'Repositories', exact: true }).waitFor()
  await page.getByRole('link', { name }).first().click()
  await page.getByRole('heading', { name }).waitFor()
}

/** From the page of a repository to the page of a running backup. */
const startBackup = async (page: Page, source: string, algorithm: string) => {
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByLabel('Folder', { exact: true }).fill(source)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByLabel('Algorithm').selectOption(algorithm)
  await page.getByRole('button', { name: 'Start backup' }).click()
  await page.waitForURL('**/jobs/**')
}

const state = (page: Page, word: string) => page.getByText(word, { exact: true }).first()

beforeAll(async () => {
  folder = temporaryFolder()
  fill(join(folder, 'photos'), 150, 40_000)
  fill(join(folder, 'many'), 3_000, 2_000)
  fill(join(folder, 'large'), 40, 1_000_000)
  server = await startServer()
  api = server.client()
})

test('a person sets Borgitory up, creates a repository and backs a folder up', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = context.pages()[0] ?? (await context.newPage())

  await page.goto(`${server.url}/set-up#token=${setupToken}`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password again').fill(password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign in' }).waitFor()
  await signIn(page, server.url)

  await page.getByRole('link', { name: 'Repositories', exact: true }).first().click()
  await page.getByRole('link', { name: 'Create repository' }).first().click()
  await page.getByLabel('Name').fill('family')
  await page.getByLabel('Path', { exact: true }).fill(join(folder, 'repository'))
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  await page.getByLabel('Passphrase again').fill(passphrase)
  await page.getByRole('button', { name: 'Create repository' }).click()
  await state(page, 'Completed').waitFor()
  expect(existsSync(join(folder, 'repository', 'config'))).toBe(true)

  await openRepository(page, 'family')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('button', { name: 'Browse…' }).click()
  const picker = page.getByRole('dialog')
  await picker.getByLabel('Folder on the server').fill(folder)
  await picker.getByRole('button', { name: 'Go' }).click()
  await picker.getByLabel(`Mark ${join(folder, 'photos')}`).check()
  await picker.getByRole('button', { name: 'Add 1 marked folder' }).click()
  await page.getByRole('button', { name: 'Start backup' }).click()
  await page.waitForURL('**/jobs/**')
  await state(page, 'Completed').waitFor()
  await page.getByRole('heading', { name: 'Archive', exact: true }).waitFor()
  expect(await page.getByText('150', { exact: true }).first().isVisible()).toBe(true)

  await openRepository(page, 'family')
  await page.getByText('1 archive', { exact: false }).first().waitFor()
  await page.getByText('150 files').waitFor()
  expect(faults).toEqual([])
})

test('two people watch the same backup live, and one of them cancels it', async () => {
  const first = await openBrowser(server.url)
  const second = await openBrowser(server.url, { viewport: { width: 390, height: 844 } })
  const page = await first.context.newPage()
  const other = await second.context.newPage()
  await signIn(page, server.url)
  await signIn(other, server.url)
  await openRepository(page, 'family')
  await startBackup(page, join(folder, 'large'), 'LZMA')
  await other.goto(page.url())

  for (const watched of [page, other]) {
    const progress = watched.getByRole('region', { name: 'Progress' })
    await progress.getByText('large/file', { exact: false }).waitFor()
    await progress.getByText('Deduplicated').waitFor()
    await state(watched, 'Running').waitFor()
  }
  await other.getByRole('button', { name: 'Cancel' }).click()
  for (const watched of [page, other]) await state(watched, 'Cancelled').waitFor()
  expect(existsSync(join(folder, 'repository', 'lock.exclusive'))).toBe(false)
  expect([...first.faults, ...second.faults]).toEqual([])
})

test('a browser that loses its connection catches up without a gap', async () => {
  const proxy = await cuttableProxy(server.url)
  const { context } = await openBrowser(proxy.url, { acceptDownloads: true })
  const page = await context.newPage()
  await signIn(page, proxy.url)
  await openRepository(page, 'family')
  await startBackup(page, join(folder, 'many'), 'LZMA')
  await page.getByRole('region', { name: 'Output' }).getByText('A ', { exact: false }).first().waitFor()

  proxy.cut()
  await page.getByText('Connection lost', { exact: false }).waitFor()
  proxy.mend()
  await state(page, 'Completed').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download the output' }).click(),
  ])
  const shown = readFileSync(await download.path(), 'utf8')
    .split('\n')
    .slice(0, -1)
  await api.query('mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', {
    input: administrator,
  })
  const { jobs } = await api.query<{
    jobs: { edges: { node: { tasks: { output: { lines: string[] } }[] } }[] }
  }>('{ jobs(first: 1) { edges { node { tasks { output(first: 10000) { lines } } } } } }')
  const written = jobs.edges[0]?.node.tasks[0]?.output.lines ?? []
  expect(written.length).toBeGreaterThan(3_000)
  expect(shown).toEqual(written)
})

test('a missing folder fails the backup and its archive is shown as not whole', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await signIn(page, server.url)
  await openRepository(page, 'family')
  await startBackup(page, join(folder, 'nowhere'), 'LZ4')
  await state(page, 'Failed').waitFor()
  await page.getByText('This archive is not whole.', { exact: false }).waitFor()
  expect(faults).toEqual([])
})
