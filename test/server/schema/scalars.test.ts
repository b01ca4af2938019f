import { GraphQLError, type GraphQLScalarType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../../server/schema/index.ts'

const dateTime = schema.getType('DateTime') as GraphQLScalarType<Date, string>

const parse = (text: unknown) => dateTime.coerceInputValue(text).toISOString()

test.each([
  ['2026-11-23T20:15:30.000Z', '2026-11-23T20:15:30.000Z'],
  ['2026-11-23T20:15:30Z', '2026-11-23T20:15:30.000Z'],
  ['2026-11-23T20:15Z', '2026-11-23T20:15:00.000Z'],
  ['2026-11-23t20:15:30.123456z', '2026-11-23T20:15:30.123Z'],
  ['2026-11-23T20:15:30+05:30', '2026-11-23T14:45:30.000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
])('a DateTime of %s is %s', (text, moment) => {
  expect(parse(text)).toBe(moment)
})

test.each([
  '2026-02-30T00:00:00Z',
  '2026-02-29',
  '2026-04-31T00:00:00+02:00',
  '2026-13-01T00:00:00Z',
  '2026-11-23T25:00:00Z',
  '2026-11-23T20:60:00Z',
  '2026-11-23T20:15:30',
  '2026-11-23T20:15:30+99:00',
  '2026-W05',
  '20:15',
  '23.11.2026',
  'Nov 23 2026',
  '',
  1_795_000_000_000,
  null,
])('a DateTime is not %j', (text) => {
  expect(() => parse(text)).toThrow(GraphQLError)
})
