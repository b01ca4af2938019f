import { GraphQLError } from 'graphql'

/** What is wrong with a request before it is an operation, or with the server; with the HTTP status that says so. */
const requestCodes = {
  BAD_REQUEST: 400,
  HEADER_MISSING: 403,
  ORIGIN_REFUSED: 403,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  LENGTH_REQUIRED: 411,
  REQUEST_ENTITY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_ATTEMPTS: 429,
  TOO_MANY_OPERATIONS: 429,
  INTERNAL_SERVER_ERROR: 500,
} as const

/** What is wrong with an operation, with the status of an answer that has no data for that. */
export const operationCodes = {
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  OPERATION_RESOLUTION_FAILURE: 400,
  OPERATION_TOO_LARGE: 400,
  BAD_USER_INPUT: 400,
  BAD_CURSOR: 400,
  BAD_PAGE: 400,
  WEBSOCKET_NEEDED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  SEALED: 409,
} as const

/** What is wrong, for programs: the `extensions.code` of every error. Clients rely on them; README.md lists them. */
export const errorCodes = { ...requestCodes, ...operationCodes }

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCodes, code)

/** An error that people may see, as it is. */
export const apiError = (code: ErrorCode, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code } })
