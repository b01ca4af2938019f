import { randomUUID } from 'node:crypto'
import { PothosError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import { maskError } from 'graphql-yoga'
import type { Log } from '../log.ts'
import { type ErrorCode, isErrorCode } from '../schema/errors.ts'

/** What clients are told of an unexpected error; the id finds it in the log. */
const messageFor = (errorId: string) => `Unexpected error. The server's log says more under ${errorId}.`

/** Writes an unexpected error to the log and returns what clients are told instead. */
export const logUnexpected = (log: Log, error: unknown, errorId: string = randomUUID(), path?: string): string => {
  log.error({ err: error, errorId, path }, 'unexpected error')
  return messageFor(errorId)
}

/** Whether an error comes from GraphQL itself while it answers: a value that the schema does not allow is the server’s fault. */
const isOwnFault = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  error.path !== undefined &&
  error.extensions.code === undefined &&
  !(error instanceof PothosError || error.originalError instanceof PothosError)

/**
 * Makes what clients are told of an error: all of what GraphQL or Pothos refuse, and of anything else an id. The log gets
 * the cause alone, for the error that GraphQL wraps around it holds the query, and that may hold a password.
 */
export const createMask =
  (log: Log) =>
  (error: unknown): GraphQLError => {
    const errorId = randomUUID()
    const masked = isOwnFault(error)
      ? maskError(new Error(), messageFor(errorId), false)
      : maskError(error, messageFor(errorId), false)
    if (masked !== error) {
      const isWrapped = error instanceof GraphQLError
      const cause = isWrapped ? (error.cause ?? error.message) : error
      logUnexpected(log, cause, errorId, isWrapped ? error.path?.join('.') : undefined)
    }
    return masked as GraphQLError
  }

/** Characters of a message, in which what was sent may be quoted. */
const longestMessage = 1_000

/** What has no code was refused about what was sent: the mask gives one to all else. */
export const codeOf = ({ extensions }: GraphQLError): ErrorCode =>
  isErrorCode(extensions.code) ? extensions.code : 'BAD_USER_INPUT'

/** Errors as they are told over any transport: each with a code, and with nothing that is for a transport alone. */
export const toldErrors = (errors: readonly GraphQLError[]): GraphQLError[] =>
  errors.map((error) => {
    const { nodes, source, positions, path } = error
    const isLong = error.message.length > longestMessage
    const message = isLong ? `${error.message.slice(0, longestMessage)}…` : error.message
    return new GraphQLError(message, { nodes, source, positions, path, extensions: { code: codeOf(error) } })
  })
