import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { administrator } from '../support/api-client.ts'
import { borg } from '../support/borg.ts'
import { openBrowser } from '../support/browser.ts'
import { jobEnd, passphrase, readyRepository, startBackup } from '../support/jobs.ts'
import { startServer } from '../support/server.ts'
import { smallSource } from '../support/sources.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('a person sees that another repository was put in the place of one, accepts it, and sees what has vanished', async () => {
  const server = await startServer()
  const api = await server.setUp()
  const { id, location } = await readyRepository(api, { name: 'family' })
  await jobEnd(api, await startBackup(api, id, [smallSource()], { archiveName: 'holidays' }))

  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Repositories', exact: true }).first().click()
  // The overview names it too, in the links to its jobs.
  await page.getByRole('heading', { name: 'Repositories', exact: true }).waitFor()
  await page.getByRole('link', { name: 'family' }).first().click()
  await page.getByText('holidays', { exact: true }).waitFor()

  renameSync(location, join(temporaryFolder(), 'away'))
  await borg(['init', '--encryption', 'repokey', location], { passphrase })
  const refused = await jobEnd(api, await startBackup(api, id, [smallSource()]))
  expect(refused.state).toBe('FAILED')
  await page.getByText('This repository could not be opened the last time.').waitFor()
  await page.getByText('There is another repository at this path now', { exact: false }).first().waitFor()

  await page.getByRole('button', { name: 'Use this other repository…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('somebody may have put it there to get your backups', { exact: false }).waitFor()
  await dialog.getByLabel('Type its name to confirm').fill('family')
  await dialog.getByRole('button', { name: 'Use this other repository' }).click()
  await page.waitForURL('**/jobs/**')
  await page.getByText('Completed', { exact: true }).first().waitFor()
  await page.goBack()

  await page.getByText('1 archive has vanished.').waitFor()
  await page.getByText('None any more', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Overview' }).first().click()
  await page.getByText('1 archive has vanished, and nobody has removed it here.').waitFor()
  await page.goBack()
  await page.getByRole('button', { name: / from the list$/ }).click()
  await page.getByText('No archive yet.').waitFor()
  await page.getByText('None yet', { exact: true }).waitFor()

  // A source that is missing makes an archive that is not whole.
  const source = smallSource()
  const partly = await startBackup(api, id, [source, join(temporaryFolder(), 'missing')], { archiveName: 'partly' })
  expect(await jobEnd(api, partly)).toMatchObject({ state: 'FAILED' })
  await page.getByText('partly.incomplete', { exact: true }).waitFor()
  await page.getByText(/^None is whole\s*an incomplete one/).waitFor()
  rmSync(location, { recursive: true })
  expect(faults).toEqual([])
})
