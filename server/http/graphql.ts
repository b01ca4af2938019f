import type { IncomingMessage, ServerResponse } from 'node:http'
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { App } from '../app.ts'
import { schema } from '../schema/index.ts'
import { answerText } from './answer.ts'
import { type Caller, createContext, identifyCaller } from './context.ts'
import { createMask } from './errors.ts'
import { limitOperations } from './limits.ts'
import { isOwnOrigin } from './origin.ts'
import { answerPlayground } from './playground.ts'
import { shareEvents } from './shared-events.ts'

/** What a transport hands to an operation. */
export interface Transport {
  readonly caller: Caller
  readonly isWebSocket: boolean
}

/** Browsers open few connections to a host, and a session that ends must end what it watches: both need the WebSocket. */
const refuseStreams = (): Plugin<Transport> => ({
  onSubscribe: ({ args, setResultAndStopExecution }) => {
    if (args.contextValue.isWebSocket) return
    const error = new GraphQLError('Subscriptions go over WebSocket (graphql-transport-ws).', {
      extensions: { code: 'WEBSOCKET_NEEDED' },
    })
    setResultAndStopExecution({ errors: [error] })
  },
})

/** Strangers are not told what there is. */
const hideSchema = (): Plugin<Transport> => ({
  onValidate: ({ context, addValidationRule }) => {
    if (context.caller.viewer === null) addValidationRule(NoSchemaIntrospectionCustomRule)
  },
})

/** GraphQL, for every transport: the same plugins, limits, masking and context. */
export const createGraphql = (app: App) =>
  createYoga<Transport>({
    schema,
    context: ({ caller }) => createContext(app, caller),
    plugins: [limitOperations(), refuseStreams(), hideSchema(), shareEvents()],
    maskedErrors: { isDev: false, maskError: createMask(app.log) },
    // The mask logs already.
    logging: false,
    maxRequestBodySize: 1_000_000,
    multipart: false,
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
  })

export type Graphql = ReturnType<typeof createGraphql>

const refuse = (response: ServerResponse, status: number, message: string, headers = {}) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
  response.end(JSON.stringify({ errors: [{ message }] }))
}

/**
 * Answers `/graphql`: operations by POST as JSON, the playground to a browser that navigates to it. The header is one
 * that no other site's page can send without asking, so a session's cookie is of no use to it.
 */
export const answerGraphql = async (
  app: App,
  graphql: Graphql,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  response.setHeader('Cache-Control', 'no-store')
  const caller = await identifyCaller(app, request, response)
  const { method, headers } = request
  if ((method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html')) {
    if (caller.viewer) return answerPlayground(request, response)
    return answerText(response, 302, 'Sign in first.', { Location: '/sign-in?to=/graphql' })
  }
  if (method !== 'POST') return refuse(response, 405, 'Send operations by POST.', { Allow: 'POST' })
  if (!headers['x-borgitory']) return refuse(response, 403, 'Send the header "x-borgitory: 1".')
  if (!isOwnOrigin(app.config, request)) return refuse(response, 403, 'This page is of another site.')
  if (!/^application\/(?:graphql\+)?json\b/i.test(headers['content-type'] ?? '')) {
    return refuse(response, 415, 'Send operations as JSON (Content-Type: application/json).')
  }
  await graphql(request, response, { caller, isWebSocket: false })
}
