import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { errorCodes, operationCodes } from '../schema/errors.ts'
import { codeOf, toldErrors } from './errors.ts'
import { graphqlMediaType } from './media-type.ts'

/**
 * Gives answers the status that GraphQL over HTTP asks for (graphql.github.io/graphql-over-http/draft, “Status Codes”):
 * 200 where there is data, also with errors beside it. Without data it is that of the first error's code; but
 * `application/json`, which proxies may answer with as well, has 200 for whatever is wrong with an operation.
 */
export const tellStatus = (): Plugin => ({
  onResultProcess: ({ request, result, setResult }) => {
    if (!('errors' in result) || !result.errors) return
    const errors = toldErrors(result.errors as GraphQLError[])
    const [first] = errors
    const code = first ? codeOf(first) : 'INTERNAL_SERVER_ERROR'
    const isOperations = code in operationCodes && request.headers.get('accept') !== graphqlMediaType
    const status = 'data' in result || isOperations ? 200 : errorCodes[code]
    setResult({ ...result, errors, extensions: { http: { status } } })
  },
})
