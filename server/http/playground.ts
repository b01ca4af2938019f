import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import { accepts } from './accept-encoding.ts'

interface Page {
  readonly gzipped: Buffer
  readonly etag: string
  readonly policy: string
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64')

/** The policy lets exactly this page's script run. Its editor makes style elements, and workers from its own text. */
const policyFor = (html: string) => {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'))
  return [
    "default-src 'none'",
    `script-src 'sha256-${sha256(script)}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const makePage = async (): Promise<Page> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const html = renderGraphiQL({
    title: 'Borgitory: playground',
    endpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    headers: JSON.stringify({ 'x-borgitory': '1' }),
    additionalHeaders: { 'x-borgitory': '1' },
  })
  return { gzipped: await promisify(gzip)(html), etag: `"${sha256(html)}"`, policy: policyFor(html) }
}

/** Made when somebody first asks: it takes memory, and many servers never show it. */
let page: Promise<Page> | undefined

/** Answers with GraphiQL as one page that loads nothing more. */
export const answerPlayground = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  page ??= makePage()
  const { gzipped, etag, policy } = await page
  response.setHeader('Content-Security-Policy', policy)
  response.setHeader('Cache-Control', 'private, no-cache')
  response.setHeader('ETag', etag)
  response.setHeader('Vary', 'Accept-Encoding, Cookie')
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end()
  } else if (accepts(request, 'gzip')) {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': gzipped.length })
    response.end(request.method === 'HEAD' ? undefined : gzipped)
  } else if (request.method === 'HEAD') {
    response.writeHead(200).end()
  } else {
    const plain = createGunzip()
    plain.pipe(response.writeHead(200))
    plain.end(gzipped)
  }
}
