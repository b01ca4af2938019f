import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
import { answerText } from './answer.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const isNavigation = ({ headers }: IncomingMessage) => headers.accept?.includes('text/html') ?? false

const answerNotFound = (response: ServerResponse) => answerText(response, 404, 'Not found.')

const answerNotBuilt: Answer = (request, response) => {
  if (!isNavigation(request)) return answerNotFound(response)
  answerText(response, 503, 'The web client was not built. Run "npm start", which builds it.')
}

/** The client knows its own pages: whoever navigates to one gets `index.html`. */
const answerFiles = (folder: string): Answer => {
  const files = sirv(folder, {
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders: (response, path) => {
      const isNamedByContent = path.startsWith('/assets/')
      response.setHeader('Cache-Control', isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request, response) =>
    files(request, response, () => {
      if (!isNavigation(request)) return answerNotFound(response)
      request.url = '/'
      files(request, response, () => answerNotFound(response))
    })
}

/** Answers requests for the web client that was built into `folder`. */
export const createWeb = (folder: string): Answer => {
  const answer = existsSync(join(folder, 'index.html')) ? answerFiles(folder) : answerNotBuilt
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return answer(request, response)
    answerText(response, 405, 'Method not allowed.', { Allow: 'GET, HEAD' })
  }
}
