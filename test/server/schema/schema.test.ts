import {
  type GraphQLArgument,
  GraphQLError,
  type GraphQLInputField,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  validateSchema,
} from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { createGraphql, type Transport } from '../../../server/http/graphql.ts'
import { schema } from '../../../server/schema/index.ts'
import { setUp } from '../../support/api-client.ts'
import { type ListeningApp, listen } from '../../support/app.ts'
import { operationFor } from '../../support/sample-operations.ts'
import { callerOf } from '../../support/viewer.ts'

/** The whole list of what may be done without a session. */
const open = ['Query.me', 'Query.isSetUp', 'Mutation.setUp', 'Mutation.signIn', 'Mutation.signOut']

const rootFields = (type: GraphQLObjectType | null | undefined) =>
  Object.values(type?.getFields() ?? {}).map((field) => [field.name, field] as const)

const queries = rootFields(schema.getQueryType())
const mutations = rootFields(schema.getMutationType())
const subscriptions = rootFields(schema.getSubscriptionType())
const isOpen =
  (type: string) =>
  ([name]: readonly [string, unknown]) =>
    open.includes(`${type}.${name}`)
const isGuarded = (type: string) => (field: readonly [string, unknown]) => !isOpen(type)(field)

describe('without a session', () => {
  it('should know every field that is open', () => {
    const all = [
      ...queries.map(([name]) => `Query.${name}`),
      ...mutations.map(([name]) => `Mutation.${name}`),
      ...subscriptions.map(([name]) => `Subscription.${name}`),
    ]
    expect(all).toEqual(expect.arrayContaining(open))
    expect(all.length).toBeGreaterThan(open.length)
  })

  let server: ListeningApp
  beforeAll(async () => {
    server = await listen()
  })

  const ask = (query: string) => server.client().request<Record<string, unknown>>(query)

  it.each(queries.filter(isGuarded('Query')))('should refuse the query %s', async (_name, field) => {
    const { data, errors } = await ask(operationFor('query', field))
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([])
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED'])
  })

  it.each(mutations.filter(isGuarded('Mutation')))('should refuse the mutation %s', async (_name, field) => {
    const { data, errors } = await ask(operationFor('mutation', field))
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([])
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED'])
  })

  it.each(queries.filter(isOpen('Query')))('should answer the query %s', async (_name, field) => {
    expect((await ask(operationFor('query', field))).errors).toBeUndefined()
  })

  it.each(mutations.filter(isOpen('Mutation')))('should answer the mutation %s', async (_name, field) => {
    expect((await ask(operationFor('mutation', field))).errors).toBeUndefined()
  })

  // A WebSocket is not even opened without a session: this is the second lock on the same door.
  it.each(subscriptions)('should refuse the subscription %s', async (_name, field) => {
    const transport: Transport = { caller: callerOf(null), isWebSocket: true }
    const operation = createGraphql(server.app).getEnveloped(transport)
    const document = operation.parse(operationFor('subscription', field))
    expect(operation.validate(operation.schema, document)).toEqual([])
    const result = await operation.subscribe({
      schema: operation.schema,
      document,
      contextValue: await operation.contextFactory(),
    })
    const [error] = 'errors' in result ? (result.errors ?? []) : []
    expect(error).toBeInstanceOf(GraphQLError)
    expect(error?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
  })
})

describe('schema', () => {
  it('should be valid', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  const descriptionsIn = (
    place: string,
    described: Pick<GraphQLArgument | GraphQLInputField, 'name' | 'description'>,
  ) => [`${place}${described.name}`, described.description] as const

  it('should describe every type, field, argument and value', () => {
    const own = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))
    const described = own.flatMap((type) => {
      const place = `${type.name}.`
      if (isEnumType(type))
        return [descriptionsIn('', type), ...type.getValues().map((value) => descriptionsIn(place, value))]
      if (isInputObjectType(type)) {
        return [
          descriptionsIn('', type),
          ...Object.values(type.getFields()).map((field) => descriptionsIn(place, field)),
        ]
      }
      if (!isObjectType(type) && !isInterfaceType(type)) return [descriptionsIn('', type)]
      const fields = Object.values(type.getFields()).flatMap((field) => [
        descriptionsIn(place, field),
        ...field.args.map((arg) => descriptionsIn(`${place}${field.name}:`, arg)),
      ])
      return [descriptionsIn('', type), ...fields]
    })
    expect(described.filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([])
    expect(described.length).toBeGreaterThan(50)
  })

  const nodes = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name)

  it('should know of no object with an id that nobody has, of whatever type', async () => {
    const client = (await listen()).client()
    await setUp(client)
    expect(nodes).toContain('User')
    const ids = nodes.map((name) => btoa(`${name}:00000000-0000-7000-8000-000000000000`))
    const answer = await client.query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })
    expect(answer).toEqual({ nodes: nodes.map(() => null) })
    for (const id of ids)
      expect(await client.query('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null })
  })
})
