import { chromium } from 'playwright-core'
import { cookiesOf } from '../../../support/api-client.ts'
import { firstLoad } from '../../../support/first-load.ts'
import type { Measurement } from '../../areas.ts'

/** What a browser that has never been here receives, without TLS, before it shows the first page. */
export const firstLoads: Measurement = async (bench) => {
  bench.say('First load of the web client …')
  const { server, api } = await bench.startServer()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  bench.defer(() => browser.close())
  const load = async (path: string, heading: string, cookies: ReturnType<typeof cookiesOf>) => {
    const context = await browser.newContext()
    await context.addCookies(cookies)
    const page = await context.newPage()
    const { scripts } = await firstLoad(page, `${server.url}${path}`, 'gzip')
    await page.getByRole('heading', { name: heading }).first().waitFor({ timeout: 10_000 })
    await context.close()
    return scripts
  }
  return [
    {
      name: 'first load, JavaScript received: sign-in page',
      value: await load('/', 'Sign in', []),
      unit: 'kB',
      target: 90,
    },
    {
      name: 'first load, JavaScript received: Overview',
      value: await load('/', 'Overview', cookiesOf(api)),
      unit: 'kB',
      target: 110,
    },
  ]
}
