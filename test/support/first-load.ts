import type { Page } from 'playwright-core'

export type Encoding = 'br' | 'gzip'

/**
 * Loads a page until nothing more is asked for, as a browser that takes this encoding alone. Gives the kB (1000 bytes) of
 * scripts, and of everything, as they came over the wire, headers included. Browsers take brotli over TLS and from their
 * own machine, gzip always.
 */
export const firstLoad = async (page: Page, url: string, encoding: Encoding) => {
  const devtools = await page.context().newCDPSession(page)
  const scripts = new Set<string>()
  const received = { scripts: 0, all: 0 }
  devtools.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    received.all += encodedDataLength / 1000
    if (scripts.has(requestId)) received.scripts += encodedDataLength / 1000
  })
  await devtools.send('Network.enable')
  await page.setExtraHTTPHeaders({ 'accept-encoding': encoding })
  await page.goto(url, { waitUntil: 'networkidle' })
  if (received.scripts === 0) throw new Error(`no JavaScript came with ${url}: is the web client built?`)
  return received
}
