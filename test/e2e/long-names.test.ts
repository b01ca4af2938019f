import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { cookiesOf } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { created } from '../support/created.ts'
import { jobEnd, readyRepository } from '../support/jobs.ts'
import { startServer } from '../support/server.ts'
import { smallSource } from '../support/sources.ts'

/** As long as names may be: words, and one word. */
const names = {
  words: 'The photographs, letters and everything else of the family that must never be lost, in cellar, attic'.slice(
    0,
    100,
  ),
  word: 'x'.repeat(100),
}

/** The width of the text of an archive's name, in pixels. */
const nameWidths = (page: Page) =>
  page
    .getByRole('list')
    .getByText('-of-', { exact: false })
    .evaluateAll((found) => found.map((element) => element.getBoundingClientRect().width))

test('names that are as long as they may be leave room for what they stand beside', async () => {
  const server = await startServer()
  const api = await server.setUp()
  const repository = await readyRepository(api, { name: names.words })
  const settings = { sources: [smallSource()], archiveName: 'archive-of-{utcnow}' }
  for (const name of Object.values(names)) {
    const planId = await created(api, 'createPlan', 'BackupPlan', { name, repositoryId: repository.id, settings })
    const id = await created(api, 'startBackup', 'Job', { planId })
    await jobEnd(api, { id } as Parameters<typeof jobEnd>[1])
  }
  const { context, faults } = await openBrowser(server.url)
  await context.addCookies(cookiesOf(api))
  const page = await context.newPage()
  await page.goto(`${server.url}/repositories/${encodeURIComponent(repository.id)}`)
  await expect.poll(async () => (await nameWidths(page)).length).toBe(2)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(viewport)
    for (const width of await nameWidths(page)) expect(width).toBeGreaterThan(200)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width)
  }
  expect(faults).toEqual([])
})
