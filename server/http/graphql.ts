import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { GraphQLError } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { App } from '../app.ts'
import { apiError, type ErrorCode, errorCodes } from '../schema/errors.ts'
import { schema } from '../schema/index.ts'
import { answerText } from './answer.ts'
import { compressAnswers } from './compression.ts'
import { type Caller, createContext, identifyCaller } from './context.ts'
import { createDocumentCache, type DocumentCache, readDocuments } from './documents.ts'
import { codeOf, createMask } from './errors.ts'
import { bodyLimits } from './limits.ts'
import { mediaTypeFor } from './media-type.ts'
import { limitOperations } from './operation-limits.ts'
import { isOwnOrigin } from './origin.ts'
import { siteOf } from './peer.ts'
import { answerPlayground } from './playground.ts'
import { shareEvents } from './shared-events.ts'
import { tellStatus } from './status.ts'

/** What a transport hands to an operation. */
export interface Transport {
  readonly caller: Caller
  readonly isWebSocket: boolean
}

/** Browsers open few connections to a host, and a session that ends must end what it watches: both need the WebSocket. */
const refuseStreams = (): Plugin<Transport> => ({
  onSubscribe: ({ args, setResultAndStopExecution }) => {
    if (args.contextValue.isWebSocket) return
    const error = apiError('WEBSOCKET_NEEDED', 'Subscriptions go over WebSocket (graphql-transport-ws).')
    setResultAndStopExecution({ errors: [error] })
  },
})

/** The one parameter of a request that Yoga does not look at. */
const checkOperationName = (): Plugin<Transport> => ({
  onParams: ({ params: { operationName } }) => {
    if (operationName === undefined || operationName === null || typeof operationName === 'string') return
    throw apiError('BAD_REQUEST', 'The “operationName” is a text.')
  },
})

/** GraphQL, for every transport: the same plugins, limits, masking and context. */
export const createGraphql = (app: App, documents: DocumentCache = createDocumentCache()) =>
  createYoga<Transport>({
    schema,
    context: ({ caller }) => createContext(app, caller),
    plugins: [
      readDocuments(documents),
      limitOperations(),
      refuseStreams(),
      checkOperationName(),
      tellStatus(),
      shareEvents(),
      compressAnswers(),
    ],
    // It counts documents, whatever their size, and keeps those of strangers too.
    parserAndValidationCache: false,
    maskedErrors: { isDev: false, maskError: createMask(app.log) },
    // The mask logs already.
    logging: false,
    maxRequestBodySize: bodyLimits.signedIn,
    multipart: false,
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
  })

export type Graphql = ReturnType<typeof createGraphql>

/** What is wrong with a request before it is one of GraphQL’s; null where nothing is. */
const findFault = (
  { config }: App,
  request: IncomingMessage,
  { viewer }: Caller,
): readonly [ErrorCode, string] | null => {
  const { method, headers } = request
  if (method !== 'POST') return ['METHOD_NOT_ALLOWED', 'Send operations by POST.']
  // No browser sends an API token by itself, as it does a cookie, nor lets a page of another site send one.
  const isProgram = viewer !== null && viewer.tokenScope !== null
  if (!isProgram && !headers['x-borgitory']) return ['HEADER_MISSING', 'Send the header "x-borgitory: 1".']
  if (!isProgram && !isOwnOrigin(config, request)) {
    return ['ORIGIN_REFUSED', `This page is of another site: Borgitory is asked at ${siteOf(config, request).origin}.`]
  }
  if (!/^application\/(?:graphql\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers['content-type'] ?? '')) {
    return ['UNSUPPORTED_MEDIA_TYPE', 'Send operations as JSON in UTF-8 (Content-Type: application/json).']
  }
  if (mediaTypeFor(headers.accept) === null) {
    return [
      'NOT_ACCEPTABLE',
      'Answers are JSON (Accept: application/graphql-response+json). Subscriptions go over WebSocket (graphql-transport-ws).',
    ]
  }
  if (viewer !== null) return null
  const length = headers['content-length']
  if (length === undefined) return ['LENGTH_REQUIRED', 'Sign in first, or send the length (Content-Length).']
  const isTooLong = Number(length) > bodyLimits.stranger
  return isTooLong
    ? ['REQUEST_ENTITY_TOO_LARGE', `Sign in first: a request is over ${bodyLimits.stranger} bytes.`]
    : null
}

const refuse = (response: ServerResponse, code: ErrorCode, message: string) => {
  const headers: OutgoingHttpHeaders = { 'Content-Type': 'application/json; charset=utf-8' }
  if (code === 'METHOD_NOT_ALLOWED') headers.Allow = 'POST'
  if (code === 'UNAUTHENTICATED') headers['WWW-Authenticate'] = 'Bearer error="invalid_token"'
  response.writeHead(errorCodes[code], headers)
  response.end(JSON.stringify({ errors: [apiError(code, message)] }))
}

/**
 * Answers `/graphql`: operations by POST as JSON, the playground to a browser that navigates to it. The header is one
 * that no other site's page can send without asking, so a session's cookie is of no use to it. An API token needs none.
 */
export const answerGraphql = async (
  app: App,
  graphql: Graphql,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  response.setHeader('Cache-Control', 'no-store')
  const caller = await identifyCaller(app, request, response).catch((error: unknown) => {
    if (error instanceof GraphQLError) return error
    throw error
  })
  if (caller instanceof GraphQLError) return refuse(response, codeOf(caller), caller.message)
  const { method, headers } = request
  if ((method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html')) {
    if (caller.viewer) return answerPlayground(request, response)
    return answerText(response, 302, 'Sign in first.', { Location: '/sign-in?to=/graphql' })
  }
  const fault = findFault(app, request, caller)
  if (fault !== null) return refuse(response, ...fault)
  // Yoga takes the first that it can, whatever their weights.
  headers.accept = mediaTypeFor(headers.accept) ?? undefined
  await graphql(request, response, { caller, isWebSocket: false })
}
