import type { GraphQLError } from 'graphql'
import { apiError } from '../schema/errors.ts'

/** What a document may be. */
export interface DocumentLimits {
  readonly tokens: number
  readonly characters: number
}

/**
 * How much one operation may ask for. `complexity` is about the work that it makes (see `schema/builder.ts`): several times
 * what the web client asks for, a small part of what pages in pages in pages would be.
 */
export const limits = { tokens: 1_500, characters: 50_000, complexity: 20_000, depth: 12, breadth: 300 } as const

/** What a document of somebody who is not signed in may be: all that they can do is sign in. */
export const strangersLimits: DocumentLimits = { tokens: 300, characters: 5_000 }

/** Bytes of a request. The longest that a stranger has to say is a password. */
export const bodyLimits = { signedIn: 500_000, stranger: 8_000 } as const

/** What is told of an operation that is refused for its size. */
export const tooLarge = (why: string): GraphQLError =>
  apiError('OPERATION_TOO_LARGE', `The operation asks for too much at once: ${why}.`)
