import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type ApiClient, administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { readArchives, readyRepository } from '../support/jobs.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { username, password } = administrator

let server: TestServer
let api: ApiClient
let folder: string
let repository: { id: string; location: string }

const signIn = async (page: Page) => {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** What axe finds wrong with the page as it is now. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }
    return (await axe.run()).violations.map(({ id }) => id)
  })
}

const isWider = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

const rule = (page: Page, number: number, what: string) => page.getByLabel(`Rule ${number}: ${what}`)

const sourceOf = () => join(folder, 'documents')
const witness = () => join(folder, 'witness')

beforeAll(async () => {
  folder = temporaryFolder()
  mkdirSync(join(sourceOf(), 'cache'), { recursive: true })
  for (const name of ['letter.txt', 'notes.tmp', 'cache/one.txt', 'cache/two.txt']) {
    writeFileSync(join(sourceOf(), name), name)
  }
  server = await startServer()
  api = await server.setUp()
  repository = await readyRepository(api, { name: 'family', encryption: 'NONE', passphrase: null })
})

test('a person makes a plan, tries it, runs it, changes it and removes it', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = context.pages()[0] ?? (await context.newPage())
  await signIn(page)
  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  await page.getByText('No plan yet.').waitFor()
  await page.getByRole('link', { name: 'Create plan' }).click()

  await page.getByLabel('Name', { exact: true }).fill('Documents')
  await page.getByLabel('Folder', { exact: true }).fill(sourceOf())
  await page.getByRole('button', { name: 'Add rule' }).click()
  await rule(page, 1, 'style').selectOption('RE')
  await rule(page, 1, 'pattern').fill('(unclosed')
  await page.getByText('is not a regular expression that borg understands', { exact: false }).waitFor()
  await rule(page, 1, 'style').selectOption('SH')
  await rule(page, 1, 'pattern').fill('**/*.tmp')
  await page.getByRole('button', { name: 'Add rule' }).click()
  await rule(page, 2, 'what to do').selectOption('EXCLUDE_NO_RECURSE')
  await rule(page, 2, 'style').selectOption('PP')
  await rule(page, 2, 'pattern').fill(join(sourceOf(), 'cache'))
  await rule(page, 2, 'pattern').press('Alt+ArrowUp')
  await page.getByText('Rule moved to place 1 of 2.').waitFor()
  expect(await rule(page, 1, 'pattern').inputValue()).toBe(join(sourceOf(), 'cache'))
  expect(await rule(page, 1, 'pattern').evaluate((element) => element === document.activeElement)).toBe(true)

  await page.getByLabel('Name of its archives').fill('{plan}-{oops}')
  await page.getByText('{oops} stands for nothing.', { exact: false }).waitFor()
  await page.getByLabel('Name of its archives').fill('{plan}-{now:%Y}')
  await page.getByText(`Documents-${new Date().getFullYear()}`, { exact: false }).first().waitFor()

  await page.getByRole('button', { name: 'Dry run with these settings' }).click()
  const dryRun = page.locator('section', { has: page.getByRole('heading', { name: 'Dry run', exact: true }) })
  await dryRun.getByText('Completed', { exact: true }).first().waitFor()
  await dryRun.getByText('letter.txt', { exact: false }).waitFor()
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: 'Add hook' }).click()
  await page.getByLabel('Name of the hook').fill('witness')
  await page.getByRole('textbox', { name: 'Command' }).fill(`printf %s "$BORGITORY_PLAN $TOKEN" > '${witness()}'`)
  await page.getByRole('button', { name: 'Add variable' }).click()
  await page.getByLabel('Variable 1: name').fill('1BAD')
  await page.getByLabel('Variable 1: value').fill('the secret of the hook')
  await page.getByRole('button', { name: 'Create plan' }).click()
  await page.getByText('Not saved.').waitFor()
  await page.getByText('Hook 1, environment variables', { exact: false }).waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Documents')
  await page.getByLabel('Variable 1: name').fill('TOKEN')
  await page.getByRole('button', { name: 'Create plan' }).click()

  await page.getByRole('heading', { name: 'Documents' }).waitFor()
  await page.getByText('Backs up 1 folder into family, by 2 rules.').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.waitForURL('**/jobs/**')
  await page.getByText(/^Ended/).waitFor()
  expect(readFileSync(witness(), 'utf8')).toBe('Documents the secret of the hook')
  const [archive] = await readArchives(api, repository.id)
  expect(archive).toMatchObject({ name: `Documents-${new Date().getFullYear()}`, fileCount: 1 })

  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Documents' }) })
  await row.getByText('Completed', { exact: true }).waitFor()
  await row.getByRole('link', { name: 'Documents' }).click()
  await page.getByText('100%').waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByText('Value kept').waitFor()
  expect(await page.content()).not.toContain('the secret of the hook')
  await page.getByLabel('Name', { exact: true }).fill('Papers')
  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  await page.getByRole('button', { name: 'Stay here' }).click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('heading', { name: 'Papers', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.waitForURL('**/jobs/**')
  await page.getByText(/^Ended/).waitFor()
  expect(readFileSync(witness(), 'utf8')).toBe('Papers the secret of the hook')

  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  await page.getByRole('link', { name: 'Papers' }).click()
  await page.getByRole('button', { name: 'Delete plan…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('1 hook goes with it', { exact: false }).waitFor()
  await dialog.getByText('2 jobs and all archives stay', { exact: false }).waitFor()
  expect(await dialog.getByRole('button', { name: 'Delete plan' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type its name to confirm').fill('Papers')
  await dialog.getByRole('button', { name: 'Delete plan' }).click()
  await page.getByText('No plan yet.').waitFor()
  expect(await readArchives(api, repository.id)).toHaveLength(2)
  expect(existsSync(join(repository.location, 'config'))).toBe(true)
  expect(faults).toEqual([])
})

test('the list of plans follows what others do, on a phone too', async () => {
  const { id } = await readyRepository(api)
  const { context, faults } = await openBrowser(server.url, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
  })
  const page = context.pages()[0] ?? (await context.newPage())
  await signIn(page)
  const list = `${server.url}/plans?repository=${encodeURIComponent(id)}`
  await page.goto(list)
  await page.getByText('No plan matches.').waitFor()

  const name = `A plan ${'with a long name '.repeat(5)}`.trim()
  const { createPlan } = await api.query<{ createPlan: { id: string } }>(
    `mutation ($input: CreatePlanInput!) { createPlan(input: $input) { ... on BackupPlan { id } } }`,
    { input: { name, repositoryId: id, settings: { sources: [sourceOf()] } } },
  )
  await page.getByRole('link', { name }).waitFor()
  expect(await isWider(page)).toBe(false)
  expect(await violations(page)).toEqual([])

  await page.getByRole('button', { name: `Back up now: ${name}` }).click()
  await page.getByText('Completed', { exact: true }).waitFor()
  await api.query(`mutation ($input: UpdatePlanInput!) { updatePlan(input: $input) { __typename } }`, {
    input: { id: createPlan.id, name: 'Renamed' },
  })
  await page.getByRole('link', { name: 'Renamed' }).click()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByRole('heading', { name: 'Edit Renamed' }).waitFor()
  expect(await isWider(page)).toBe(false)
  expect(await violations(page)).toEqual([])
  await page.goto(list)
  await page.getByRole('link', { name: 'Renamed' }).waitFor()
  await api.query('mutation ($id: ID!) { deletePlan(input: {id: $id}) { __typename } }', { id: createPlan.id })
  await page.getByText('No plan matches.').waitFor()
  expect(faults).toEqual([])
})
