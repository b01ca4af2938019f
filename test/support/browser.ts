import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { cleanUpAfter } from './cleanup.ts'

export interface TestBrowser {
  readonly context: BrowserContext
  /** What should not have happened so far: errors on a page, refusals by its policy, requests to other machines. */
  readonly faults: readonly string[]
}

/** A new profile in a real Chromium, closed after the test. */
export const openBrowser = async (url: string, options: BrowserContextOptions = {}): Promise<TestBrowser> => {
  const profile = mkdtempSync(join(tmpdir(), 'borgitory-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    ...options,
  })
  context.setDefaultTimeout(120_000)
  cleanUpAfter(async () => {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  })
  const faults: string[] = []
  const { host } = new URL(url)
  context.on('request', (request) => {
    const target = new URL(request.url())
    if (target.protocol.startsWith('http') && target.host !== host) faults.push(`request to ${target.host}`)
  })
  context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('net::ERR_')) faults.push(message.text())
  })
  context.on('weberror', (error) => faults.push(String(error.error())))
  return { context, faults }
}
