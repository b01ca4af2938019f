import { expect, test } from 'vitest'
import { cookiesOf } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { readyRepository } from '../support/jobs.ts'
import { startServer } from '../support/server.ts'

test('the pages of repositories show what others do to them', async () => {
  const server = await startServer()
  const api = await server.setUp()
  const { context, faults } = await openBrowser(server.url)
  await context.addCookies(cookiesOf(api))
  const [list, one] = [await context.newPage(), await context.newPage()]
  await list.goto(`${server.url}/repositories`)
  await list.getByText('No repository yet', { exact: false }).waitFor()

  const { id } = await readyRepository(api, { name: 'made elsewhere' })
  await list.getByRole('link', { name: 'made elsewhere' }).waitFor()
  await one.goto(`${server.url}/repositories/${encodeURIComponent(id)}`)
  await one.getByRole('heading', { name: 'made elsewhere' }).waitFor()

  const rename = (name: string) =>
    api.query('mutation ($input: UpdateRepositoryInput!) { updateRepository(input: $input) { __typename } }', {
      input: { id, name },
    })
  await rename('renamed elsewhere')
  await list.getByRole('link', { name: 'renamed elsewhere' }).waitFor()
  await one.getByRole('heading', { name: 'renamed elsewhere' }).waitFor()

  await api.query('mutation ($input: DeleteRepositoryInput!) { deleteRepository(input: $input) { __typename } }', {
    input: { id },
  })
  await list.getByText('No repository yet', { exact: false }).waitFor()
  await one.getByText('There is no such repository', { exact: false }).waitFor()
  expect(faults).toEqual([])
})
