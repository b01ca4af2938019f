import { expect, test } from 'vitest'
import { cookiesOf, signIn } from '../support/api-client.ts'
import { openBrowser } from '../support/browser.ts'
import { type Encoding, firstLoad } from '../support/first-load.ts'
import { startServer } from '../support/server.ts'

/** kB of JavaScript that a browser receives before it shows the first page. */
const most = 90

test.each<Encoding>(['br', 'gzip'])('the first page comes compressed over the wire: %s', async (encoding) => {
  const server = await startServer()
  const api = await server.setUp()
  const { context, faults } = await openBrowser(server.url)

  const signInPage = await context.newPage()
  const answers: { plain: number; encoding: string | undefined }[] = []
  signInPage.on('response', async (response) => {
    if (response.request().resourceType() !== 'script') return
    const received = await response.allHeaders()
    answers.push({ plain: (await response.body()).length, encoding: received['content-encoding'] })
  })
  const atSignIn = await firstLoad(signInPage, server.url, encoding)
  await signInPage.getByRole('heading', { name: 'Sign in' }).waitFor()
  expect(atSignIn.scripts).toBeLessThanOrEqual(most)
  for (const answer of answers.filter(({ plain }) => plain >= 1_000)) expect(answer.encoding).toBe(encoding)
  expect(answers.reduce((sum, { plain }) => sum + plain, 0) / 1000).toBeGreaterThan(2 * atSignIn.scripts)

  await signIn(api)
  await context.addCookies(cookiesOf(api))
  const overview = await firstLoad(await context.newPage(), `${server.url}/`, encoding)
  expect(overview.scripts).toBeLessThanOrEqual(most)
  expect(faults).toEqual([])
})
