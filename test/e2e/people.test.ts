import { execa } from 'execa'
import { beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { type ApiClient, apiClient, cookiesOf } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { cleanUpAfter } from '../support/cleanup.ts'
import { created } from '../support/created.ts'
import { firstProgress, jobEnd, readyRepository, type Started, startBackup } from '../support/jobs.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { largeSource, slowly, smallSource } from '../support/sources.ts'

let server: TestServer
let api: ApiClient

const grace = { username: 'grace', password: 'a ship in a port is safe' }

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
})

test('an administrator adds a person, and makes a token that works as the page says and ends when it is removed', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await context.addCookies(cookiesOf(api))
  await page.goto(`${server.url}/system`)
  await page.getByRole('link', { name: 'People' }).click()
  await page.getByLabel('Username').fill(grace.username)
  await page.getByLabel('Password', { exact: true }).fill(grace.password)
  await page.getByLabel('Password again').fill(grace.password)
  await page.getByRole('button', { name: 'Add person' }).click()
  const people = page.getByRole('list', { name: 'People' })
  await people.getByText('grace').waitFor()
  await people.getByText('You').waitFor()
  expect(await people.getByRole('button').count()).toBe(1)
  expect(await findBarriers(page)).toEqual([])

  await page.getByRole('link', { name: 'Account' }).click()
  await page.getByText('There is none.').waitFor()
  await page.getByLabel('Name').fill('home dashboard')
  await page.getByRole('button', { name: 'Make token' }).click()
  await page.getByText('It is shown this once').waitFor()
  expect(await findBarriers(page)).toEqual([])
  const command = (await page.locator('pre').filter({ hasText: 'curl' }).textContent()) ?? ''
  const { stdout } = await execa('sh', ['-c', command.replace('curl', 'curl --silent')])
  expect(JSON.parse(stdout)).toEqual({ data: { me: { username: 'ada', role: 'ADMINISTRATOR' } } })

  await page.getByRole('button', { name: 'I have copied it' }).click()
  const tokens = page.getByRole('list', { name: 'API tokens' })
  await tokens.getByText('home dashboard').waitFor()
  await page.getByLabel('Name').fill('ci')
  await page.getByRole('button', { name: 'Make token' }).click()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect
    .poll(() => tokens.getByRole('listitem').allTextContents())
    .toEqual([expect.stringMatching(/^ci/), expect.stringMatching(/^home dashboard/)])
  await page.reload()
  await tokens.getByText(/Last used/).waitFor()
  expect(await page.content()).not.toContain('borgitory_')
  await page.getByRole('button', { name: 'Remove token home dashboard' }).click()
  await page.getByLabel('Type its name to confirm').fill('home dashboard')
  await page.getByRole('button', { name: 'Remove token', exact: true }).click()
  await expect.poll(() => tokens.getByRole('listitem').count()).toBe(1)
  const refused = await execa('sh', ['-c', command.replace('curl', 'curl --silent')])
  expect(refused.stdout).toContain('UNAUTHENTICATED')
  expect(faults).toEqual([])
})

/** What a viewer would be refused. */
const acts =
  /back up|cancel job|^edit|run now|create|import|delete|forget|refresh|resume|pause|try again|save|dry run|start|accept|add person/i

test('a viewer opens every page without a fault, and is shown nothing that they would be refused', async () => {
  const { id: repositoryId } = await readyRepository(api, { name: 'family' })
  await jobEnd(api, await startBackup(api, repositoryId, [smallSource()]))
  const hooks = [{ name: 'canary hook', moment: 'BEFORE', command: 'echo canary' }]
  const planId = await created(api, 'createPlan', 'BackupPlan', {
    name: 'notes',
    repositoryId,
    settings: { sources: [smallSource()] },
    hooks,
  })
  const scheduleId = await created(api, 'createSchedule', 'Schedule', {
    name: 'Nightly',
    action: 'BACKUP',
    planId,
    cron: '0 0 1 1 *',
    timeZone: 'UTC',
  })
  const withHook = await created(api, 'startBackup', 'Job', { planId })
  const { tasks } = await jobEnd(api, { id: withHook } as Started)
  const running = await startBackup(api, repositoryId, [largeSource(12)], slowly)
  await firstProgress(api, running)
  const waiting = await created(api, 'startBackup', 'Job', { planId })
  await api.query('mutation { pauseQueue(input: {reason: "new disks"}) { __typename } }')

  const viewer = apiClient(server.url)
  cleanUpAfter(() => viewer.close())
  await viewer.query('mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', { input: grace })
  const { context, faults } = await openBrowser(server.url)
  await context.addCookies(cookiesOf(viewer))
  const page = await context.newPage()
  const at = (noun: string, id: string, rest = '') => `/${noun}/${encodeURIComponent(id)}${rest}`
  const hookTask = tasks.find(({ kind }) => kind === 'HOOK')?.id ?? ''
  for (const path of [
    // First, while it runs.
    at('jobs', running.id),
    at('jobs', waiting),
    '/',
    '/repositories',
    at('repositories', repositoryId),
    at('repositories', repositoryId, '/jobs'),
    at('repositories', repositoryId, '/settings'),
    '/plans',
    at('plans', planId),
    at('plans', planId, '/jobs'),
    '/schedules',
    '/schedules/calendar',
    at('schedules', scheduleId),
    '/jobs',
    at('jobs', withHook, `?task=${encodeURIComponent(hookTask)}`),
    '/system',
    '/system/queue',
    '/system/history',
    '/system/people',
    '/system/account',
    '/repositories/new',
    '/repositories/import',
    at('repositories', repositoryId, '/backup'),
    '/plans/new',
    at('plans', planId, '/edit'),
    '/schedules/new',
    at('schedules', scheduleId, '/edit'),
  ]) {
    await page.goto(server.url + path)
    await page.locator('h1:not(.sr-only)').waitFor()
    await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { message: path }).toBe(0)
    expect(await page.getByRole('alert').count(), path).toBe(0)
    expect(await page.getByText('could not be').count(), path).toBe(0)
    const main = page.locator('#main')
    const shown = [
      ...(await page.locator('button:not([aria-expanded])').allTextContents()),
      ...(await main.getByRole('link').allTextContents()),
    ]
    expect(
      shown.filter((word) => acts.test(word.trim()) && !word.includes(':')),
      path,
    ).toEqual([])
    expect(await page.getByRole('switch').count(), path).toBe(0)
    expect(await findBarriers(page), path).toEqual([])
    expect(await page.content(), path).not.toContain('echo canary')
    await page.emulateMedia({ colorScheme: null, reducedMotion: null })
  }
  await page.goto(server.url + at('jobs', withHook, `?task=${encodeURIComponent(hookTask)}`))
  await page.getByText('What it prints names files: you may not see it.').first().waitFor()
  await page.getByRole('region', { name: 'The queue is paused' }).getByText('new disks').waitFor()

  await page.goto(`${server.url}/system/account`)
  await page.getByLabel('Current password').fill(grace.password)
  await page.getByLabel('New password', { exact: true }).fill('another ship in another port')
  await page.getByLabel('New password again').fill('another ship in another port')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Everywhere else you are signed out').waitFor()
  expect(faults).toEqual([])
})
