import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../server/schema/index.ts'
import { type ApiClient, setUp } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'

type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

const long = 'x'.repeat(50_000)

/** What nobody types and somebody sends. */
const oddTexts = ['', long, '%', '\\', '\0', '\ud800', '\u202e', '\u200b', '"\r\n', '/proc/self/cwd/x ']
const oddIds = [...oddTexts, btoa(long), btoa(`Job:${long}`), btoa('Job:\0'), btoa('Repository:%'), btoa('Plan:1')]

const oddOf: Partial<Record<string, readonly string[]>> = {
  String: oddTexts,
  ID: oddIds,
  DateTime: [...oddTexts, '2026-02-30T00:00:00Z', '2026-11-23T24:30:00Z', '+275760-09-13T00:00:00Z', '20:15'],
}

const samples: Partial<Record<string, Value>> = {
  ID: btoa('Job:00000000-0000-7000-8000-000000000000'),
  String: '/nowhere',
  Int: 1,
  Float: 1,
  Boolean: false,
  DateTime: '2026-11-23T20:15:30.000Z',
  ByteCount: 1,
}

const requiredOf = (type: GraphQLInputType) =>
  isInputObjectType(type) ? Object.values(type.getFields()).filter(isRequiredInputField) : []

const sampleOf = (type: GraphQLInputType): Value => {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return [sampleOf(type.ofType)]
  if (isEnumType(type)) return type.getValues()[0]?.name ?? null
  if (isInputObjectType(type))
    return Object.fromEntries(requiredOf(type).map((field) => [field.name, sampleOf(field.type)]))
  return samples[type.name] ?? null
}

/** All values of a type in which one text, however deep, is an odd one. */
const oddValuesOf = (type: GraphQLInputType): readonly Value[] => {
  if (isNonNullType(type)) return oddValuesOf(type.ofType)
  if (isListType(type)) return oddValuesOf(type.ofType).map((value) => [value])
  if (isEnumType(type)) return []
  if (!isInputObjectType(type)) return oddOf[type.name] ?? []
  const sample = sampleOf(type) as { readonly [name: string]: Value }
  const oddFieldsOf = ({ name, type }: GraphQLInputField) =>
    oddValuesOf(type).map((value) => ({ ...sample, [name]: value }))
  return Object.values(type.getFields()).flatMap(oddFieldsOf)
}

const isPlace = ({ name }: GraphQLArgument) => name === 'after' || name === 'before'

/** The variables of all operations that ask for a field with one odd text. */
const oddCallsOf = ({ args }: GraphQLField<unknown, unknown>): readonly Record<string, Value>[] => {
  const required = Object.fromEntries(args.filter(isRequiredArgument).map((arg) => [arg.name, sampleOf(arg.type)]))
  return args.flatMap((arg) => {
    const places = isPlace(arg) ? oddTexts.map((text) => Buffer.from(`GPC:S:${text}`).toString('base64')) : []
    return [...oddValuesOf(arg.type), ...places].map((value) => ({ ...required, [arg.name]: value }))
  })
}

const documentFor = (operation: string, { name, args, type }: GraphQLField<unknown, unknown>, given: object) => {
  const used = args.filter((arg) => arg.name in given)
  const variables = used.map((arg) => `$${arg.name}: ${arg.type}`).join(', ')
  const passed = used.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const named = getNamedType(type)
  // A list is read for what is asked of it.
  const isList = isObjectType(named) && 'edges' in named.getFields()
  const selection = isLeafType(named) ? '' : isList ? ' { totalCount edges { cursor } }' : ' { __typename }'
  return `${operation} (${variables}) { ${name}(${passed})${selection} }`
}

const fieldsOf = (type: GraphQLObjectType | null | undefined) =>
  Object.values(type?.getFields() ?? {})
    .filter(({ args }) => args.length > 0)
    .map((field) => [field.name, field] as const)

let server: ListeningApp
let api: ApiClient

beforeAll(async () => {
  server = await listen()
  api = server.client()
  await setUp(api)
  // What is looked for in nothing is never looked at.
  const { repository, backupPlan, schedule } = server.app.db
  const { id: repositoryId } = await repository.create({ data: { name: 'one', location: '/srv/one' } })
  const { id: planId } = await backupPlan.create({
    data: { name: 'one', repositoryId, settings: { sources: ['/srv'] } },
  })
  await schedule.create({ data: { name: 'one', action: 'BACKUP', planId, cron: '@daily', timeZone: 'UTC' } })
})

describe.each([
  ['query', fieldsOf(schema.getQueryType())],
  ['mutation', fieldsOf(schema.getMutationType())],
] as const)('a %s', (operation, fields) => {
  test.each(fields)('%s takes any text for what it is, or refuses it in words', async (_name, field) => {
    const logged = server.log().length
    for (const variables of oddCallsOf(field)) {
      const { errors = [] } = await api.request(documentFor(operation, field, variables), variables)
      const unforeseen = errors.filter(({ message }) => message.startsWith('Unexpected error'))
      expect(unforeseen, JSON.stringify(variables).slice(0, 200)).toEqual([])
    }
    expect(server.log().slice(logged)).not.toContain('unexpected error')
  })
})
