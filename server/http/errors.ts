import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import { maskError } from 'graphql-yoga'
import type { Log } from '../log.ts'

/** What clients are told of an unexpected error; the id finds it in the log. */
const messageFor = (errorId: string) => `Unexpected error. The server's log says more under ${errorId}.`

/** Writes an unexpected error to the log and returns what clients are told instead. */
export const logUnexpected = (log: Log, error: unknown, errorId: string = randomUUID(), path?: string): string => {
  log.error({ err: error, errorId, path }, 'unexpected error')
  return messageFor(errorId)
}

/**
 * Makes what clients are told of an error: all of what GraphQL or Pothos refuse, and of anything else an id. The log gets
 * the cause alone, for the error that GraphQL wraps around it holds the query, and that may hold a password.
 */
export const createMask =
  (log: Log) =>
  (error: unknown): GraphQLError => {
    const errorId = randomUUID()
    const masked = maskError(error, messageFor(errorId), false)
    if (masked !== error) {
      const isWrapped = error instanceof GraphQLError
      logUnexpected(log, isWrapped ? error.cause : error, errorId, isWrapped ? error.path?.join('.') : undefined)
    }
    return masked as GraphQLError
  }
