import { expect, test } from 'vitest'
import { administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { startServer } from '../support/server.ts'

test('a browser stays signed in to two servers on one host', async () => {
  const servers = await Promise.all([startServer(), startServer()])
  const [{ url } = { url: '' }] = servers
  const { context } = await openBrowser(url)
  const page = await context.newPage()
  for (const server of servers) {
    await server.setUp()
    await page.goto(server.url)
    await page.getByLabel('Username').fill(administrator.username)
    await page.getByLabel('Password', { exact: true }).fill(administrator.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview' }).first().waitFor()
  }
  await page.goto(url)
  await page.getByRole('heading', { name: 'Overview' }).first().waitFor()
  expect(await context.cookies(servers.map((server) => server.url))).toHaveLength(4)
})
