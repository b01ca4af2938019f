import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { type ApiClient, administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A zone whose clock is never the machine's, so that both are seen. */
const timeZone = 'Asia/Kathmandu'

let server: TestServer
let api: ApiClient

const signIn = async (page: Page) => {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

const openSchedules = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Schedules' }).click()

const answerOf = <Answer extends { __typename: string; message?: string }>(answer: Answer): Answer => {
  if (answer.message) throw new Error(`${answer.__typename}: ${answer.message}`)
  return answer
}

/** A repository that is ready and a plan for it, by way of the API. */
const prepare = async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'note.txt'), 'to be kept')
  const { createRepository } = await api.query<{
    createRepository: { __typename: string; message?: string; repository: { id: string } }
  }>(
    `mutation ($input: CreateRepositoryInput!) {
      createRepository(input: $input) { __typename ... on Job { repository { id } } ... on Problem { message } }
    }`,
    { input: { name: 'family', location: join(temporaryFolder(), 'repository'), encryption: 'NONE' } },
  )
  const repositoryId = answerOf(createRepository).repository.id
  for await (const { repositoryChanged } of api.subscribe<{ repositoryChanged: { state: string } }>(
    'subscription ($id: ID!) { repositoryChanged(id: $id) { state } }',
    { id: repositoryId },
  )) {
    if (repositoryChanged.state === 'FAILED') throw new Error('The repository could not be created.')
    if (repositoryChanged.state === 'READY') break
  }
  const { createPlan } = await api.query<{ createPlan: { __typename: string; message?: string; id: string } }>(
    `mutation ($input: CreatePlanInput!) {
      createPlan(input: $input) { __typename ... on BackupPlan { id } ... on Problem { message } }
    }`,
    { input: { name: 'notes', repositoryId, settings: { sources: [folder] } } },
  )
  return answerOf(createPlan).id
}

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
})

test('a person makes a schedule for a plan, finds its runs, runs it, changes it and removes it', async () => {
  const { context, faults } = await openBrowser(server.url, { timezoneId: 'Europe/Berlin', locale: 'en-GB' })
  const page = await context.newPage()
  await signIn(page)
  const barriers: string[] = []
  const look = async () => barriers.push(...(await findBarriers(page)))

  await openSchedules(page)
  await page.getByText('First create a repository', { exact: false }).waitFor()
  await look()
  const planId = await prepare()

  await page.goto(`${server.url}/schedules/new?plan=garbage`)
  const plan = page.getByLabel('Plan', { exact: true })
  await plan.waitFor()
  expect(await plan.inputValue()).toBe('')
  await page.goto(`${server.url}/schedules/new?plan=${encodeURIComponent(planId)}`)
  await expect.poll(() => plan.inputValue()).toBe(planId)
  await page.getByLabel('Name', { exact: true }).fill('Nightly notes')
  await page.getByLabel('How often').selectOption('weekly')
  await page.getByLabel('Wednesday').check()
  await page.getByLabel('At', { exact: true }).fill('03:15')
  expect(await page.getByLabel('Cron text').inputValue()).toBe('15 3 * * 1,3')
  const preview = page.getByRole('region', { name: 'When it runs' })
  await preview.getByText('At 03:15, only on Monday and Wednesday').waitFor()
  await expect.poll(() => preview.getByRole('listitem').count()).toBe(5)

  await page.getByLabel('Cron text').fill('61 3 * *')
  await page.getByText('This has 4 fields.', { exact: false }).waitFor()
  expect(await preview.getByRole('listitem').count()).toBe(0)
  await look()
  await page.getByLabel('Cron text').fill('@daily')
  await preview.getByText('At 00:00').waitFor()
  expect(await page.getByLabel('How often').inputValue()).toBe('daily')
  await page.getByLabel('At', { exact: true }).fill('12:00')

  const zone = page.getByRole('combobox', { name: 'Time zone' })
  await zone.fill('Kathm')
  await page.getByRole('option', { name: timeZone }).waitFor()
  await look()
  await page.getByRole('option', { name: timeZone }).click()
  await preview.getByText('in your time zone', { exact: false }).first().waitFor()
  await look()
  await page.getByRole('button', { name: 'Create schedule' }).click()

  await page.getByRole('heading', { name: 'Nightly notes' }).waitFor()
  const nextRuns = page.getByRole('list', { name: 'Next runs' })
  await expect.poll(() => nextRuns.getByRole('listitem').count()).toBe(5)
  // Noon in Kathmandu, which knows no summer time, is 06:15 UTC.
  await nextRuns
    .getByText(/0[78]:15/)
    .first()
    .waitFor()
  await look()
  const address = page.url()

  await page.goto(`${server.url}/schedules/calendar`)
  await expect.poll(() => page.getByRole('link', { name: 'Nightly notes' }).count()).toBeGreaterThanOrEqual(6)
  await page.getByText('Backup by notes').first().waitFor()
  await look()
  await page.getByRole('button', { name: 'Later' }).click()
  await page.waitForURL('**/schedules/calendar?from=*')
  await expect.poll(() => page.getByRole('link', { name: 'Nightly notes' }).count()).toBe(7)

  await page.goto(server.url)
  await page.getByRole('heading', { name: 'Runs next' }).waitFor()
  await page.getByRole('link', { name: 'Nightly notes' }).waitFor()
  await look()

  await openSchedules(page)
  await page.getByLabel('Order').selectOption('What runs next')
  await page.waitForURL('**/schedules?order=next-run')
  await page.getByText('Has not run yet').waitFor()
  await page.getByRole('button', { name: 'Run now: Nightly notes' }).dblclick()
  await page.getByRole('link', { name: 'Last run completed' }).waitFor()
  const enabled = page.getByRole('switch', { name: 'Run Nightly notes at its times' })
  expect(await enabled.isChecked()).toBe(true)
  await enabled.focus()
  await page.keyboard.press('Space')
  await page.getByText('Switched off').waitFor()
  expect(await enabled.isChecked()).toBe(false)
  await look()

  await page.goto(address)
  await page.getByText('None: it is switched off.', { exact: false }).waitFor()
  await page.getByRole('link', { name: 'notes: backup into family' }).waitFor()
  await page.getByRole('link', { name: 'Edit' }).click()
  expect(await page.getByLabel('At', { exact: true }).inputValue()).toBe('12:00')
  await page.getByLabel('Name', { exact: true }).fill('Notes by the minute')
  await page.getByLabel('How often').selectOption('other')
  await page.getByLabel('Cron text').fill('*/5 * * * *')
  await page.getByLabel('Run at these times').check()
  await page.getByLabel('Begin only at certain hours').check()
  await page.getByLabel('From', { exact: true }).fill('08:00')
  await page.getByLabel('To', { exact: true }).fill('08:00')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('it never opens', { exact: false }).waitFor()
  const from = page.getByLabel('From', { exact: true })
  expect(await from.evaluate((element) => element === document.activeElement)).toBe(true)
  await page.getByRole('link', { name: 'Jobs', exact: true }).click()
  await page.getByRole('button', { name: 'Stay here' }).click()
  await page.getByLabel('To', { exact: true }).fill('07:00')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByRole('heading', { name: 'Notes by the minute' }).waitFor()
  await page.getByText('Every 5 minutes').waitFor()
  await page.getByText('08:00 to 07:00').waitFor()
  await expect.poll(() => nextRuns.getByRole('listitem').count()).toBe(5)
  await page.goto(`${server.url}/schedules/calendar`)
  await page.getByText('276 runs', { exact: false }).first().waitFor()

  await page.goto(address)
  await page.getByRole('button', { name: 'Delete schedule…' }).click()
  const dialog = page.getByRole('dialog')
  // It may have run by itself meanwhile.
  await dialog.getByText(/\(\d+ jobs?\)/).waitFor()
  await look()
  const confirm = dialog.getByRole('button', { name: 'Delete schedule' })
  await dialog.getByLabel('Type its name to confirm').fill('Nightly notes')
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('Type its name to confirm').fill('Notes by the minute')
  await confirm.click()
  await page.getByText('No schedule yet.').waitFor()
  await page.goto(address)
  await page.getByText('There is no such schedule', { exact: false }).waitFor()
  expect(barriers).toEqual([])
  expect(faults).toEqual([])
})

test('a list shows what others did between its reading and the beginning of its subscriptions', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  let letGo = () => {}
  const isLetGo = new Promise<void>((resolve) => {
    letGo = resolve
  })
  // From this page no subscription gets to the server until it is let go.
  await page.routeWebSocket('**/graphql', (client) => {
    const connection = client.connectToServer()
    client.onMessage(async (message) => {
      if (String(message).includes('"subscribe"')) await isLetGo
      connection.send(message)
    })
  })
  await signIn(page)
  await openSchedules(page)
  await page.getByText('No schedule yet.').waitFor()
  const { repositories } = await api.query<{ repositories: { edges: { node: { id: string } }[] } }>(
    '{ repositories { edges { node { id } } } }',
  )
  const input = {
    action: 'REFRESH_ARCHIVES',
    repositoryId: repositories.edges[0]?.node.id,
    timeZone,
    cron: '0 4 * * *',
  }
  const { createSchedule } = await api.query<{ createSchedule: { __typename: string; message?: string; id: string } }>(
    `mutation ($input: CreateScheduleInput!) {
      createSchedule(input: $input) { __typename ... on Schedule { id } ... on Problem { message } }
    }`,
    { input: { ...input, name: 'made meanwhile' } },
  )
  letGo()
  await page.getByRole('link', { name: 'made meanwhile' }).waitFor()
  await api.query('mutation ($input: DeleteScheduleInput!) { deleteSchedule(input: $input) { __typename } }', {
    input: { id: answerOf(createSchedule).id },
  })
  await page.getByText('No schedule yet.').waitFor()
  expect(faults).toEqual([])
})

test('a list shows what others do to schedules while it is open', async () => {
  const { context, faults } = await openBrowser(server.url, { viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await signIn(page)
  await openSchedules(page)
  await page.getByText('No schedule yet.').waitFor()

  const { repositories } = await api.query<{ repositories: { edges: { node: { id: string } }[] } }>(
    '{ repositories { edges { node { id } } } }',
  )
  const schedule = { action: 'REFRESH_ARCHIVES', repositoryId: repositories.edges[0]?.node.id, timeZone }
  const { createSchedule } = await api.query<{ createSchedule: { __typename: string; message?: string; id: string } }>(
    `mutation ($input: CreateScheduleInput!) {
      createSchedule(input: $input) { __typename ... on Schedule { id } ... on Problem { message } }
    }`,
    { input: { ...schedule, name: 'from elsewhere', cron: '0 4 * * *' } },
  )
  const { id } = answerOf(createSchedule)
  await page.getByRole('link', { name: 'from elsewhere' }).waitFor()
  const update = `mutation ($input: UpdateScheduleInput!) {
    updateSchedule(input: $input) { __typename ... on Problem { message } }
  }`
  await api.query(update, { input: { id, name: 'renamed elsewhere', isEnabled: false } })
  await page.getByRole('link', { name: 'renamed elsewhere' }).waitFor()
  await page.getByText('Switched off').waitFor()
  const list = page.url()
  await page.goto(`${server.url}/schedules/${encodeURIComponent(id)}/edit`)
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('typed and not saved')
  await page.route('**/graphql', (route) => route.abort())
  const hasFailed = page.waitForEvent('requestfailed')
  await api.query(update, { input: { id, cron: '0 5 * * *' } })
  await hasFailed
  expect(await name.inputValue()).toBe('typed and not saved')
  await page.unroute('**/graphql')
  page.once('dialog', (dialog) => dialog.accept())
  await page.goto(list)
  const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
  expect(await isWide()).toBe(false)
  expect(await findBarriers(page)).toEqual([])
  const other = await context.newPage()
  await other.goto(`${server.url}/schedules/${encodeURIComponent(id)}/edit`)
  await other.getByLabel('Name', { exact: true }).fill('typed in vain')
  await api.query('mutation ($input: DeleteScheduleInput!) { deleteSchedule(input: $input) { __typename } }', {
    input: { id },
  })
  await page.getByText('No schedule yet.').waitFor()
  await other.getByRole('button', { name: 'Save changes' }).click()
  await other.getByText('There is no schedule with this id', { exact: false }).waitFor()
  expect(await other.getByLabel('Name', { exact: true }).inputValue()).toBe('typed in vain')
  expect(faults).toEqual([])
})
