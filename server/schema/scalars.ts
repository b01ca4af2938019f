import { GraphQLError } from 'graphql'
import { builder } from './builder.ts'

// What is refused is a `GraphQLError`, and not repeated: anything else would be taken for a fault of the server's, and logged.

builder.scalarType('DateTime', {
  description: 'A point in time, UTC, as ISO 8601: `2026-11-23T20:15:30.000Z`.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => {
    const time = new Date(typeof value === 'string' ? value : Number.NaN)
    if (Number.isNaN(time.getTime())) throw new GraphQLError('A DateTime is an ISO 8601 text.')
    return time
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
