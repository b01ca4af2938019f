import { inspect } from 'node:util'

/** What went wrong, for people, whatever was thrown: with the causes of an error, and what is known of anything else. */
export const describeFailure = (failure: unknown): string => inspect(failure, { depth: 3, colors: false })
