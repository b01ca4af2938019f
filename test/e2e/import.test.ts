import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { passphrase, readyRepository } from '../support/jobs.ts'
import { startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('a person imports a repository that was moved, and confirms that it was', async () => {
  const server = await startServer()
  const api = await server.setUp()
  const remove = (id: string) =>
    api.query('mutation ($id: ID!) { deleteRepository(input: {id: $id}) { __typename } }', { id })
  const { id, location } = await readyRepository(api)
  await remove(id)
  const moved = join(temporaryFolder(), 'moved')
  renameSync(location, moved)

  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  await page.goto(`${server.url}/sign-in`)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const importIt = async (isConfirmed: boolean) => {
    await page.getByRole('link', { name: 'Repositories', exact: true }).first().click()
    await page.getByRole('link', { name: 'Import repository' }).first().click()
    await page.getByLabel('Name').fill('moved')
    await page.getByLabel('Path', { exact: true }).fill(moved)
    await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    const confirmation = page.getByLabel('I have moved this repository')
    expect(await confirmation.isChecked()).toBe(false)
    if (isConfirmed) await confirmation.check()
    await page.getByRole('button', { name: 'Import repository' }).click()
    await page.waitForURL('**/jobs/**')
  }

  await importIt(false)
  await page.getByText('If you have moved it yourself, confirm that', { exact: false }).first().waitFor()
  const { repositories } = await api.query<{ repositories: { edges: { node: { id: string } }[] } }>(
    '{ repositories { edges { node { id } } } }',
  )
  await remove(repositories.edges[0]?.node.id ?? '')
  await importIt(true)
  await page.getByText('Completed', { exact: true }).first().waitFor()
  expect(faults).toEqual([])
})
