import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'graphql-yoga'
import { accepts, type Encoding } from './accept-encoding.ts'

/** Bytes from which an answer is compressed; below it comes in one packet in any case. */
const threshold = 1_000

/** Made anew for each answer, so brotli is asked for a moderate effort: by default it takes as long as it likes. */
const compressors: Record<Encoding, (text: Buffer) => Promise<Buffer<ArrayBuffer>>> = {
  br: (text) =>
    promisify(brotliCompress)(text, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
    }),
  gzip: (text) => promisify(gzip)(text),
}

/**
 * Compresses what GraphQL answers. The size of a compressed answer would give a secret in it away to whoever could have
 * text of theirs put beside it, and measure that often (BREACH). No answer has a secret in it twice: an API token is in
 * the one answer to its making, and the token of a session is in a header.
 */
export const compressAnswers = (): Plugin<object, { req: IncomingMessage }> => ({
  onResponse: async ({ serverContext, response, setResponse, fetchAPI }) => {
    response.headers.set('Vary', 'Accept-Encoding')
    const encoding = (['br', 'gzip'] as const).find((one) => accepts(serverContext.req, one))
    if (encoding === undefined || response.body === null) return
    const text = Buffer.from(await response.text())
    const body = text.length < threshold ? text : await compressors[encoding](text)
    const headers = new fetchAPI.Headers(response.headers)
    headers.set('Content-Length', `${body.length}`)
    if (body !== text) headers.set('Content-Encoding', encoding)
    setResponse(new fetchAPI.Response(body, { status: response.status, statusText: response.statusText, headers }))
  },
})
