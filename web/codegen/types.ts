import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType } from 'graphql'

const print = (name: string, description: string, value: unknown) =>
  `/** ${description} */\nexport const ${name} = ${JSON.stringify(value, null, 2)} as const\n`

/** Has the cache know the types of the schema: by what their objects are told apart, and which fields list them. */
export const plugin = (schema: GraphQLSchema): string => {
  const implementing = (name: string) => {
    const type = schema.getType(name)
    return isInterfaceType(type) ? schema.getImplementations(type).objects.map((object) => object.name) : []
  }
  const [nodeTypes, problemTypes] = [implementing('Node'), implementing('Problem')]
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {})
  const singletonTypes = fields
    .filter(({ args }) => args.length === 0)
    .map(({ type }) => getNamedType(type))
    .filter(isObjectType)
    .map(({ name }) => name)
    .filter((name) => !nodeTypes.includes(name))
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const known = new Set([...nodeTypes, ...problemTypes, ...singletonTypes])
  const embeddedTypes = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type) && !known.has(type.name))
    .map(({ name }) => name)
  const listFields = nodeTypes.map((type) => {
    const lists = fields.filter((field) => getNamedType(field.type).name === `${type}Connection`)
    return [type, lists.map(({ name }) => name)] as const
  })
  return [
    print('nodeTypes', 'The types whose objects have an id.', nodeTypes.toSorted()),
    print('problemTypes', 'The problems that a mutation can answer with.', problemTypes.toSorted()),
    print('singletonTypes', 'The types of which there is one object only.', singletonTypes.toSorted()),
    print('embeddedTypes', 'The types whose objects live inside the one that holds them.', embeddedTypes.toSorted()),
    print(
      'listFields',
      'By type: the fields of a query that list its objects.',
      Object.fromEntries(listFields.filter(([, lists]) => lists.length > 0)),
    ),
    'export type ProblemType = (typeof problemTypes)[number]\n',
  ].join('\n')
}
