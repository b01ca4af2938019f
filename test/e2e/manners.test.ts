import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { type ApiClient, administrator, cookiesOf, signIn } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { created } from '../support/created.ts'
import { jobWhere, readyRepository } from '../support/jobs.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { setupToken } from '../support/server-process.ts'
import { largeSource, slowly } from '../support/sources.ts'

let server: TestServer
let api: ApiClient

const isFocused = (page: Page, label: string) =>
  page.getByLabel(label, { exact: true }).evaluate((element) => element === document.activeElement)

const at = (noun: string, id: string) => `${server.url}/${noun}/${encodeURIComponent(id)}`

beforeAll(async () => {
  server = await startServer()
  api = server.client()
})

test('what is missing is told beside its fields, and a set-up link is taken by the page that is open', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await page.goto(`${server.url}/set-up`)
  await page.getByRole('button', { name: 'Set up' }).click()
  await expect.poll(() => page.getByText('Fill this in.').count()).toBe(4)
  expect(await isFocused(page, 'Set-up token')).toBe(true)
  expect(await findBarriers(page)).toEqual([])

  await page.getByLabel('Username').fill(administrator.username)
  await expect.poll(() => page.getByText('Fill this in.').count()).toBe(3)
  await page.goto(`${server.url}/set-up#token=${setupToken}`)
  await expect.poll(() => page.getByLabel('Set-up token').count()).toBe(0)
  expect(await page.getByLabel('Username').inputValue()).toBe(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByLabel('Password again').fill(`${administrator.password}!`)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('The two passwords differ.').waitFor()
  await expect.poll(() => isFocused(page, 'Password again')).toBe(true)
  await page.getByLabel('Password again').fill(administrator.password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByText('Nothing is backed up yet.').waitFor()
  expect(faults).toEqual([])
})

test('a person sees what runs, by its plan, and what was found, wherever they look', async () => {
  await signIn(api)
  const { id: repositoryId } = await readyRepository(api, { name: 'family' })
  const settings = { sources: [largeSource(12)], ...slowly }
  const planId = await created(api, 'createPlan', 'BackupPlan', { name: 'notes', repositoryId, settings })
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await context.addCookies(cookiesOf(api))

  const places: Record<string, unknown> = {}
  for (const path of [
    '/',
    '/repositories',
    '/repositories/new',
    '/plans/new',
    '/schedules/new',
    '/repositories/import',
  ]) {
    await page.goto(server.url + path)
    const title = page.locator('h1:not(.sr-only)')
    await title.waitFor()
    const place = await title.boundingBox()
    places[path] = { x: place?.x, y: place?.y }
    if (path.includes('/', 1)) {
      await page.locator('form [type=submit]').waitFor()
      const buttons = page
        .getByRole('main')
        .locator('form :is([type=submit], a)')
        .filter({ hasText: /^(Create|Import|Cancel)/ })
      expect((await buttons.allTextContents()).at(-1)).toBe('Cancel')
    }
  }
  expect(places).toEqual(Object.fromEntries(Object.keys(places).map((path) => [path, places['/']])))

  await page.goto(at('repositories', repositoryId))
  await page.getByText('No archive yet.').waitFor()
  await api.query('mutation { pauseQueue(input: {}) { __typename } }')
  const jobId = await created(api, 'startBackup', 'Job', { planId })
  await page.getByRole('list', { name: 'Waiting' }).getByText('Queued').waitFor()
  await api.query('mutation { resumeQueue { isPaused } }')
  const running = page.getByRole('list', { name: 'Running now' })
  await running.getByRole('link', { name: 'notes: backup into family' }).waitFor()
  const bar = running.getByRole('progressbar')
  await bar.waitFor()
  const moving = await bar.evaluate((track) => {
    const part = track.firstElementChild
    if (!part) return undefined
    return { share: part.clientWidth / track.clientWidth, moves: part.getAnimations().length > 0 }
  })
  expect(moving?.share).toBeLessThan(0.5)
  expect(moving?.moves).toBe(true)
  expect(await findBarriers(page)).toEqual([])

  await running.getByRole('link', { name: 'notes: backup into family' }).click()
  await page.getByRole('heading', { name: 'notes: backup into family' }).waitFor()
  expect(await page.title()).toBe('notes: backup into family · Borgitory')
  await page.getByRole('button', { name: 'Cancel job' }).click()
  await jobWhere(api, { id: jobId }, ({ finishedAt }) => finishedAt !== null)
  await page.goto(at('repositories', repositoryId))
  await page.getByText('Last backup cancelled').waitFor()
  expect(await running.count()).toBe(0)

  await page.goto(server.url)
  await page.getByText('There is no good backup yet; none is scheduled.').waitFor()
  const attention = page.getByRole('list', { name: 'Needs attention' }).getByRole('listitem')
  expect(await attention.first().textContent()).toContain('Plan notes')
  const cron = `0 ${(new Date().getUTCHours() + 6) % 24} * * *`
  await created(api, 'createSchedule', 'Schedule', { name: 'Nightly', action: 'BACKUP', planId, cron, timeZone: 'UTC' })
  await page.getByText(/There is no good backup yet; the next is due in [56] hours/).waitFor()
  const { id: other } = await readyRepository(api, { name: 'small' })
  const backup = await created(api, 'startBackup', 'Job', { repositoryId: other, sources: [import.meta.dirname] })
  await jobWhere(api, { id: backup }, ({ finishedAt }) => finishedAt !== null)
  await page.getByText(/The last good backup began .*; the next is due in [56] hours/).waitFor()

  const dryRun = await created(api, 'startDryRun', 'Job', { planId })
  await page.goto(at('jobs', dryRun))
  await page.getByRole('heading', { name: 'notes: dry run for family' }).waitFor()
  const counts = page.getByRole('region', { name: 'What a backup would take' })
  const { state, problem } = await jobWhere(api, { id: dryRun }, ({ finishedAt }) => finishedAt !== null)
  expect({ state, problem }).toEqual({ state: 'COMPLETED', problem: null })
  const { node } = await api.query<{ node: { tasks: { dryRunSummary: { included: number } }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Job { tasks { dryRunSummary { included } } } } }',
    { id: dryRun },
  )
  expect(node.tasks[0]?.dryRunSummary.included).toBeGreaterThan(1)
  await counts.getByText(`${node.tasks[0]?.dryRunSummary.included}files and folders`).waitFor()
  await counts.getByText('Cannot be read').waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect(faults).toEqual([])
})
