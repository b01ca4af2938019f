import { join } from 'node:path'
import { expect, test } from 'vitest'
import { administrator } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { freePort } from '../support/ports.ts'
import { kinds, missingFor, publicName, startReverseProxy } from '../support/reverse-proxy.ts'
import { startServer } from '../support/server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const createRepository = `mutation ($location: String!) {
  createRepository(input: {name: "through the proxy", location: $location, encryption: NONE}) { __typename }
}`

test.for(kinds)('a browser signs in and hears of news through $name', async (kind, { skip }) => {
  const missing = missingFor(kind)
  skip(missing !== undefined, `${missing} is not installed`)

  const port = await freePort()
  const site = `https://${publicName}:${port}`
  const server = await startServer({ environment: { PUBLIC_URL: site, TRUSTED_PROXIES: '127.0.0.1' } })
  const api = await server.setUp()
  await startReverseProxy(kind, port, server.url)
  const { context, faults } = await openBrowser(site, { ignoreHTTPSErrors: true })
  const page = await context.newPage()

  await page.goto(site)
  await page.getByLabel('Username').fill(administrator.username)
  await page.getByLabel('Password', { exact: true }).fill(administrator.password)
  const hasSocket = page.waitForEvent('websocket')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).first().waitFor()
  await (await hasSocket).waitForEvent('framereceived')
  await api.query(createRepository, { location: join(temporaryFolder(), 'repository') })
  await page.getByText('through the proxy').first().waitFor()

  const cookies = await context.cookies(site)
  expect(cookies.map(({ name, secure }) => [name, secure]).sort()).toEqual([
    [`__Host-borgitory_device_${port}`, true],
    [`__Host-borgitory_session_${port}`, true],
  ])
  expect(faults).toEqual([])
})
