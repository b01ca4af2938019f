import { join } from 'node:path'
import { expect, test } from 'vitest'
import { administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the playground runs queries and subscriptions with nothing but the server', async () => {
  const server = await startServer()
  const api = await server.setUp()
  const { context, faults } = await openBrowser(server.url)
  const page = await context.newPage()
  const document = `query Who { me { username } }\nsubscription Watch { jobsChanged { id kind state } }`

  await page.goto(`${server.url}/graphql`)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  const execute = page.getByRole('button', { name: /Execute query/ })
  await execute.waitFor()
  await page.goto(`${server.url}/graphql?query=${encodeURIComponent(document)}`)

  await execute.click()
  await page.getByRole('menuitem', { name: 'Who' }).click()
  const answer = page.getByRole('region', { name: /Result/ }).or(page.locator('.result-window'))
  await answer.getByText('"ada"').first().waitFor()

  await execute.click()
  await page.getByRole('menuitem', { name: 'Watch' }).click()
  await page.getByRole('button', { name: /Stop query/ }).waitFor()
  await api.query(
    `mutation ($location: String!) {
      createRepository(input: {name: "one", location: $location, encryption: NONE}) { __typename }
    }`,
    { location: join(temporaryFolder(), 'repository') },
  )
  await answer.getByText('CREATE_REPOSITORY').first().waitFor()
  expect(faults).toEqual([])
})
