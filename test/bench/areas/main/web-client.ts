import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright-core'
import type { ApiClient } from '../../../support/api-client.ts'
import type { Measurement } from '../../areas.ts'

/** Loads a page until nothing more is asked for; gives the kB (1000 bytes) of JavaScript that came, gzipped. */
const loadedScripts = async (page: Page, url: string): Promise<number> => {
  const scripts: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    scripts.push(response.body().then((body) => gzipSync(body).length / 1000))
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  const sizes = await Promise.all(scripts)
  if (sizes.length === 0) throw new Error(`no JavaScript came with ${url}: is the web client built?`)
  return sizes.reduce((sum, size) => sum + size, 0)
}

const cookieOf = (api: ApiClient) => {
  const [name = '', ...value] = api.cookie().split('=')
  return { name, value: value.join('='), url: api.url }
}

/** What a browser that has never been here loads before it shows the first page. */
export const webClient: Measurement = async (bench) => {
  bench.say('First load of the web client …')
  const { server, api } = await bench.startServer()
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  })
  bench.defer(() => browser.close())
  const load = async (path: string, heading: string, cookies: ReturnType<typeof cookieOf>[]) => {
    const context = await browser.newContext()
    await context.addCookies(cookies)
    const page = await context.newPage()
    const size = await loadedScripts(page, `${server.url}${path}`)
    await page.getByRole('heading', { name: heading }).first().waitFor({ timeout: 10_000 })
    await context.close()
    return size
  }
  const figure = { unit: 'kB', target: 90 }
  return [
    { name: 'first load, gzipped JavaScript: sign-in page', value: await load('/', 'Sign in', []), ...figure },
    {
      name: 'first load, gzipped JavaScript: Overview',
      value: await load('/', 'Overview', [cookieOf(api)]),
      ...figure,
    },
  ]
}
