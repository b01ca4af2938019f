import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { findBarriers } from '../support/accessibility.ts'
import { type ApiClient, administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let server: TestServer
let api: ApiClient
let repositoryId: string

const files = 1200

const signIn = async (page: Page) => {
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** What a mutation answered. Throws where that is a problem. */
const ask = async <Answer>(mutation: string, input: unknown): Promise<Answer> => {
  const data = await api.query<Record<string, Answer & { message?: string }>>(mutation, { input })
  const [answer] = Object.values(data)
  if (!answer || answer.message) throw new Error(answer?.message ?? 'There was no answer.')
  return answer
}

const startBackup = (input: { planId?: string; repositoryId?: string; sources?: string[] }) =>
  ask<{ id: string }>(
    `mutation ($input: StartBackupInput!) {
      startBackup(input: $input) { ... on Job { id } ... on Problem { message } }
    }`,
    input,
  )

const createPlan = async (name: string, sources: string[], more: object = {}) => {
  const plan = await ask<{ id: string }>(
    `mutation ($input: CreatePlanInput!) {
      createPlan(input: $input) { ... on BackupPlan { id } ... on Problem { message } }
    }`,
    { name, repositoryId, settings: { sources }, ...more },
  )
  return plan.id
}

const jobPage = (id: string) => `${server.url}/jobs/${encodeURIComponent(id)}`

/** The state of the job that the page is about, beside its heading. */
const heading = (page: Page, state: string) => page.locator('main header').getByText(state, { exact: true }).waitFor()

const day = (moment: number) => {
  const date = new Date(moment)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

const source = () => {
  const folder = join(temporaryFolder(), 'letters')
  mkdirSync(folder)
  for (let index = 0; index < files; index += 1) {
    writeFileSync(join(folder, `letter ${String(index).padStart(4, '0')}.txt`), randomBytes(100))
  }
  return folder
}

beforeAll(async () => {
  server = await startServer()
  api = await server.setUp()
  const job = await ask<{ repository: { id: string } }>(
    `mutation ($input: CreateRepositoryInput!) {
      createRepository(input: $input) { ... on Job { repository { id } } ... on Problem { message } }
    }`,
    { name: 'family', location: join(temporaryFolder(), 'repository'), encryption: 'NONE' },
  )
  repositoryId = job.repository.id
  for await (const { repositoryChanged } of api.subscribe<{ repositoryChanged: { state: string } }>(
    'subscription ($id: ID!) { repositoryChanged(id: $id) { state } }',
    { id: repositoryId },
  )) {
    if (repositoryChanged.state === 'FAILED') throw new Error('The repository could not be created.')
    if (repositoryChanged.state === 'READY') break
  }
})

test('a person pauses the queue, raises the priority of what waits, resumes, and searches what was printed', async () => {
  const planId = await createPlan('letters', [source()], {
    hooks: [
      { name: 'prepare', moment: 'BEFORE', command: 'echo prepared' },
      { name: 'alarm', moment: 'ON_FAILURE', command: 'echo failed' },
    ],
  })
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  const other = await context.newPage()
  await signIn(page)
  await other.goto(server.url)
  const barriers: string[] = []
  const look = async (at = page) => barriers.push(...(await findBarriers(at)))

  await page.goto(`${server.url}/jobs`)
  await page.getByRole('button', { name: 'Pause the queue…' }).click()
  await page.getByLabel('Reason (optional)').fill('new disks')
  await look()
  await page.getByRole('dialog').getByRole('button', { name: 'Pause the queue' }).click()
  for (const watched of [page, other]) {
    const banner = watched.getByRole('region', { name: 'The queue is paused' })
    await banner.getByText('by ada: new disks').waitFor()
  }
  await look(other)

  const job = await startBackup({ planId })
  await other.getByText('Nothing runs.').waitFor()
  await other.getByRole('link', { name: '1 job waits', exact: true }).waitFor()
  await page.getByText('Waits for the queue to be resumed (paused: new disks)').waitFor()
  await look()
  await page.goto(jobPage(job.id))
  const waiting = page.getByRole('region', { name: 'Waiting' })
  await waiting.getByText('Waits for the queue to be resumed').waitFor()
  await page.getByText('Waits to begin').waitFor()
  await waiting.getByLabel('Priority').selectOption('HIGH')
  await expect
    .poll(async () => {
      const { node } = await api.query<{ node: { priority: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on Job { priority } } }',
        { id: job.id },
      )
      return node.priority
    })
    .toBe('HIGH')
  await look()

  await page.getByRole('button', { name: 'Resume' }).click()
  await heading(page, 'Completed')
  expect(await page.getByRole('region', { name: 'The queue is paused' }).count()).toBe(0)
  await page.getByText('Waited to begin').waitFor()
  await page.getByRole('button', { name: 'Hook: prepare' }).waitFor()
  const skipped = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Hook: alarm' }) })
  await skipped.getByText('Skipped', { exact: true }).waitFor()
  await skipped.getByText('Not called for: nothing before it failed.').waitFor()
  await skipped.getByRole('button', { name: 'Hook: alarm' }).click()
  await skipped.getByText('Runs after a failure.').waitFor()
  await page.getByRole('button', { name: 'Back up' }).click()

  await page.getByRole('region', { name: 'Output' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('letter 000')
  const output = page.getByRole('region', { name: 'Output' })
  await page.getByText('1 of 10', { exact: true }).waitFor()
  const marked = output.locator('[aria-current=true]')
  const first = await marked.textContent()
  await page.keyboard.press('Enter')
  await page.getByText('2 of 10', { exact: true }).waitFor()
  await expect.poll(() => marked.textContent()).not.toBe(first)
  await page.keyboard.press('Shift+Enter')
  await expect.poll(() => marked.textContent()).toBe(first)
  expect(first).toContain('letter 000')
  await look()
  await page.getByLabel('Search the output').fill('letter')
  await page.getByText('1 of 500 so far', { exact: true }).waitFor()
  await page.getByText(/Looked through [\d,]+ lines so far\./).waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('501 of 1,000 so far', { exact: true }).waitFor()
  await page.getByLabel('Search the output').fill('a line that is not there')
  await page.getByText('Nothing found', { exact: true }).waitFor()
  expect(barriers).toEqual([])
  expect(faults).toEqual([])
})

test('a person tries a failed job again and finds both from each other', async () => {
  const planId = await createPlan('missing', [join(temporaryFolder(), 'nowhere')], { retries: 1, retryDelay: 1 })
  const failed = await startBackup({ planId })
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await signIn(page)
  await page.goto(jobPage(failed.id))
  await heading(page, 'Failed')
  await page.getByText('Failed 2 times', { exact: true }).waitFor()
  await page.getByText('A new job does again: Back up, Read the list of archives.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Does what was left undone by').waitFor()
  await page.getByText('Done again: Back up, Read the list of archives.').waitFor()
  expect(page.url()).not.toBe(jobPage(failed.id))
  const retry = page.url()
  await heading(page, 'Failed')
  expect(await findBarriers(page)).toEqual([])

  const tries = page.getByRole('region', { name: 'Tries' })
  await tries.getByRole('link', { name: 'missing: backup into family' }).click()
  await tries.getByText('Was tried again by').waitFor()
  expect(page.url()).toBe(jobPage(failed.id))
  await tries.getByRole('link', { name: 'missing: backup into family' }).click()
  await page.waitForURL(retry)
  expect(faults).toEqual([])
})

test('a person who stopped a hook after a backup is told that the hook is done again, not the backup', async () => {
  const hook = { name: 'tell the others', moment: 'ON_SUCCESS', command: 'sleep 600', stopsOnFailure: false }
  const planId = await createPlan('told', [source()], { hooks: [hook] })
  const started = await startBackup({ planId })
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await signIn(page)
  await page.goto(jobPage(started.id))
  const row = page.getByRole('listitem').filter({ hasText: 'Hook: tell the others' })
  await row.getByText('Running', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await heading(page, 'Cancelled')
  await page.getByText('A new job does again: Read the list of archives, Hook: tell the others.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Done again: Read the list of archives, Hook: tell the others.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await heading(page, 'Cancelled')
  await page.goto(`${server.url}/repositories/${encodeURIComponent(repositoryId)}`)
  await page.getByText('by told').waitFor()
  expect(faults).toEqual([])
})

test('a person filters the jobs, by the address too, and goes back', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await signIn(page)
  const rows = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem')
  const today = day(Date.now())

  await page.goto(`${server.url}/jobs?state=FAILED&from=${today}`)
  await page.getByText('State: Failed').waitFor()
  await expect.poll(() => rows.count()).toBe(2)
  expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe(today)
  await rows.getByText('Was tried again').waitFor()
  await rows.getByText('Tries another job again').waitFor()
  expect(await findBarriers(page)).toEqual([])

  await page.goto(`${server.url}/jobs?to=${day(Date.now() - 3 * 86_400_000)}`)
  await page.getByText('No job matches.').waitFor()
  await page.getByRole('button', { name: 'Clear all' }).click()
  await expect.poll(() => rows.count()).toBe(6)
  expect(new URL(page.url()).search).toBe('')

  await page.getByLabel('Plan', { exact: true }).selectOption('letters')
  await expect.poll(() => rows.count()).toBe(1)
  await page.getByLabel('State', { exact: true }).selectOption('Failed')
  await page.getByText('No job matches.').waitFor()
  await page.goBack()
  await expect.poll(() => rows.count()).toBe(1)
  expect(await page.getByLabel('State', { exact: true }).inputValue()).toBe('')
  await page.goBack()
  await expect.poll(() => rows.count()).toBe(6)

  await page.goto(`${server.url}/jobs/garbage`)
  await page.getByRole('heading', { name: 'Not found' }).waitFor()
  await page.goto(`${server.url}/repositories/${encodeURIComponent(repositoryId)}/jobs`)
  await page.getByRole('link', { name: 'Filter these jobs' }).click()
  await page.getByText('Repository: family').waitFor()
  await expect.poll(() => rows.count()).toBe(6)
  expect(faults).toEqual([])
})

test('a person sets how many jobs run at the same time, and how much of the history is kept', async () => {
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await signIn(page)
  await page.goto(`${server.url}/system/queue`)
  await page.getByLabel('Jobs at the same time').fill('99')
  await page.getByRole('button', { name: 'Save changes' }).click()
  expect(await page.getByText('Saved.', { exact: false }).count()).toBe(0)
  await page.getByLabel('Jobs at the same time').fill('3')
  await page.getByLabel('Backups among them').fill('2')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved.', { exact: false }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('Backups among them').press('ArrowUp')
  await page.getByText('Saved.', { exact: false }).waitFor({ state: 'detached' })
  await page.goto(`${server.url}/jobs`)
  await page.getByText('3 at the same time at most, 2 of them backups.', { exact: false }).waitFor()

  await page.goto(`${server.url}/system/history`)
  await page.getByLabel('Remove jobs some days after their end').uncheck()
  await page.getByText('Jobs are kept for ever', { exact: false }).waitFor()
  await page.getByLabel('Output that is kept, in MiB').fill('2048')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('Saved.', { exact: false }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  const { history } = await api.query<{ history: { days: number | null; outputBytes: number } }>(
    '{ history { days outputBytes } }',
  )
  expect(history).toEqual({ days: null, outputBytes: 2 ** 31 })
  expect(faults).toEqual([])
})
