import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type ApiClient, administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { jobWhere, readArchives, readyRepository } from '../support/jobs.ts'
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
  const wrong = page.getByLabel('Variable 1: name')
  expect(await wrong.evaluate((element) => element === document.activeElement)).toBe(true)
  const described = await wrong.getAttribute('aria-describedby')
  expect(await page.locator(`[id="${described}"]`).textContent()).toContain('does not begin with a digit')
  await page.getByText('Automate this').click()
  expect((await page.locator('pre').allTextContents()).join()).toContain('<value of 1BAD>')
  expect((await page.locator('pre').allTextContents()).join()).not.toContain('the secret of the hook')
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
  await page.getByText('Leave out: sh:**/*.tmp').waitFor()
  await page.getByText('Leaves out folders that are marked as caches.').waitFor()
  const job = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '')
  const [archive] = await readArchives(api, repository.id)
  expect(archive).toMatchObject({ name: `Documents-${new Date().getFullYear()}`, fileCount: 1 })

  await page.getByRole('link', { name: 'Plans', exact: true }).click()
  const row = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'Documents' }) })
  await row.getByText('Last backup completed', { exact: false }).waitFor()
  await row.getByRole('link', { name: 'Documents' }).click()
  await page.getByText('100%').waitFor()
  const planPage = page.url()
  await page.goto(`${planPage}?dryRun=garbage`)
  await page.getByText('This dry run was removed.').waitFor()
  await page.goto(`${planPage}?dryRun=${encodeURIComponent(job)}`)
  await page.getByText('This job is no dry run.').waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByText('Value kept').waitFor()
  await page.getByRole('button', { name: 'Replace the value of TOKEN' }).click()
  await page.getByRole('button', { name: 'Keep the value of TOKEN' }).click()
  await page.getByText('Value kept').waitFor()
  // Nothing is typed into it, so that the value stays.
  await page.getByRole('button', { name: 'Replace the value of TOKEN' }).click()
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
  await page.getByText('Last backup completed', { exact: false }).waitFor()
  await api.query(`mutation ($input: UpdatePlanInput!) { updatePlan(input: $input) { __typename } }`, {
    input: { id: createPlan.id, name: 'Renamed' },
  })
  await page.getByRole('link', { name: 'Renamed' }).click()
  await page.getByRole('link', { name: 'Edit' }).click()
  await page.getByRole('heading', { name: 'Edit Renamed' }).waitFor()
  expect(await isWider(page)).toBe(false)
  await page.getByRole('button', { name: 'Add hook' }).focus()
  const isBehindBar = await page.evaluate(() => {
    const bar = document.querySelector('nav[aria-label=Main]')?.getBoundingClientRect()
    return (document.activeElement?.getBoundingClientRect().bottom ?? 0) > (bar?.top ?? 0)
  })
  expect(isBehindBar).toBe(false)
  expect(await violations(page)).toEqual([])
  await page.goto(list)
  await page.getByRole('link', { name: 'Renamed' }).waitFor()
  await api.query('mutation ($id: ID!) { deletePlan(input: {id: $id}) { __typename } }', { id: createPlan.id })
  await page.getByText('No plan matches.').waitFor()
  expect(faults).toEqual([])
})

test('the overview names the plan whose backups fail, also while nothing can be read anew', async () => {
  const { id } = await readyRepository(api, { name: 'two plans' })
  const plans: Record<string, string> = {}
  for (const [name, source] of [
    ['fails', join(folder, 'nowhere')],
    ['goes well', sourceOf()],
  ] as const) {
    const { createPlan } = await api.query<{ createPlan: { id: string } }>(
      `mutation ($input: CreatePlanInput!) { createPlan(input: $input) { ... on BackupPlan { id } } }`,
      { input: { name, repositoryId: id, settings: { sources: [source], excludeCaches: true } } },
    )
    plans[name] = createPlan.id
    const { startBackup } = await api.query<{ startBackup: { id: string } }>(
      `mutation ($input: StartBackupInput!) { startBackup(input: $input) { ... on Job { id } } }`,
      { input: { planId: createPlan.id } },
    )
    await jobWhere(api, startBackup, ({ finishedAt }) => finishedAt !== null)
  }
  const { context, faults } = await openBrowser(server.url)
  const page = context.pages()[0] ?? (await context.newPage())
  await signIn(page)
  await page.getByText('1 plan is not safely backed up.').waitFor()
  const finding = page.getByRole('list', { name: 'Needs attention' }).getByRole('listitem').first()
  await finding.getByText('The last backup failed.', { exact: false }).waitFor()
  expect(await violations(page)).toEqual([])

  const strip = page.getByText('could not be read anew', { exact: false })
  await page.route('**/graphql', (route) => route.abort())
  const rename = (name: string) =>
    api.query(`mutation ($input: UpdatePlanInput!) { updatePlan(input: $input) { __typename } }`, {
      input: { id: plans.fails, name },
    })
  await rename('fails always')
  await strip.waitFor()
  await page.getByText('1 plan is not safely backed up.').waitFor()
  expect(await violations(page)).toEqual([])
  await page.unroute('**/graphql')
  await strip.waitFor({ state: 'detached' })
  await finding.getByRole('link', { name: 'fails always' }).click()
  await page.getByRole('heading', { name: 'fails always' }).waitFor()
  await page.goto(server.url)
  await page.getByText('1 plan is not safely backed up.').waitFor()
  mkdirSync(join(folder, 'nowhere'))
  await api.query(`mutation ($input: StartBackupInput!) { startBackup(input: $input) { __typename } }`, {
    input: { planId: plans.fails },
  })
  await page.getByText('1 plan is not safely backed up.').waitFor({ state: 'detached' })

  const repositoryPage = `${server.url}/repositories/${encodeURIComponent(id)}`
  await page.goto(`${repositoryPage}/backup`)
  await page.getByRole('button', { name: 'Back up now: goes well' }).waitFor()
  // What a plan backs up is not taken over without its rules.
  expect(await page.getByRole('list', { name: 'Folders to back up' }).count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.goto(`${repositoryPage}/settings`)
  await page.getByRole('button', { name: 'Forget repository…' }).click()
  const dialog = page.getByRole('dialog')
  for (const fate of ['2 plans go with it.', 'They have no hook.', 'It has no schedule.', '4 jobs stay.'])
    await dialog.getByText(fate).waitFor()
  expect(await violations(page)).toEqual([])

  await page.goto(`${server.url}/plans/new?repository=garbage`)
  const repository = page.getByLabel('Repository', { exact: true })
  await repository.waitFor()
  expect(await repository.inputValue()).toBe('')
  expect(faults).toEqual([])
})

test('a person chooses options, and is told beside the field what is wrong with one', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = context.pages()[0] ?? (await context.newPage())
  await signIn(page)
  await page.goto(`${server.url}/plans/new`)
  await page.getByLabel('Name', { exact: true }).fill('Options')
  await page.getByLabel('Repository', { exact: true }).selectOption({ label: 'family' })
  await page.getByLabel('Folder', { exact: true }).fill(sourceOf())
  await page.getByText('How files are read').click()
  await page.getByLabel('A file is unchanged').selectOption('CTIME_SIZE')
  await page.getByLabel('Store when files were last read').check()
  const names = page.getByLabel('Leave out folders that hold')
  await names.fill('.nobackup\na/b')
  await page.getByRole('button', { name: 'Create plan' }).click()
  await page.getByText('must be a name without slashes').first().waitFor()
  expect(await names.getAttribute('aria-invalid')).toBe('true')
  expect(await page.getByLabel('A file is unchanged').isVisible()).toBe(true)
  expect(await violations(page)).toEqual([])

  await names.fill('.nobackup')
  await page.getByRole('button', { name: 'Create plan' }).click()
  await page.getByText('Leaves out folders that hold .nobackup.').waitFor()
  await page.getByText('Stores when files were last read.').waitFor()
  await page.getByText('A file is unchanged by time of change and size (network shares).').waitFor()
  // The refusal is an answer, not a fault.
  expect(faults).toEqual([])
})
