import { GraphQLError } from 'graphql'
import { DateTime } from 'luxon'
import { builder } from './builder.ts'

// What is refused is a `GraphQLError`, and not repeated: anything else would be taken for a fault of the server's, and logged.

/** A date, which begins at midnight in UTC, or a time with its offset from UTC. */
const dateTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-][01]\d:[0-5]\d))?$/i

builder.scalarType('DateTime', {
  description: 'A point in time, as ISO 8601: `2026-11-23T20:15:30.000Z`. Answers are in UTC.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const text = typeof value === 'string' && dateTime.test(value) ? value : ''
    // `Date` takes 30 February for 2 March.
    const time = DateTime.fromISO(text, { zone: 'utc' })
    if (!time.isValid) {
      throw new GraphQLError('A DateTime is a moment that there is, as ISO 8601: 2026-11-23T20:15:30.000Z.')
    }
    return time.toJSDate()
  },
})

builder.scalarType('ByteCount', {
  description: 'A number of bytes: a whole JSON number, up to 2^53 - 1.',
  serialize: (value) => Number(value),
  parseValue: (value) => {
    if (!Number.isSafeInteger(value)) throw new GraphQLError('A ByteCount is a whole number up to 2^53 - 1.')
    return BigInt(value as number)
  },
})
