import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isUnionType,
} from 'graphql'

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** What a program wants to know of what it asked for: which it is and where it stands, or what became of what it gave. */
const selectionOf = (schema: GraphQLSchema, { args, type }: GraphQLField<unknown, unknown>): string => {
  const [input, answer] = [getNamedType(args[0]?.type), getNamedType(type)]
  const problem = schema.getType('Problem')
  const isProblem = (name: string) =>
    isInterfaceType(problem) && schema.getImplementations(problem).objects.some((object) => object.name === name)
  const made = isUnionType(answer) ? answer.getTypes().find(({ name }) => !isProblem(name)) : undefined
  if (!isObjectType(made)) return ''
  const given = isInputObjectType(input) ? Object.keys(input.getFields()) : []
  const isNode = made.getInterfaces().some(({ name }) => name === 'Node')
  const wanted = isNode ? ['id', 'state'] : given
  const selected = Object.values(made.getFields())
    .filter((field) => wanted.includes(field.name) && isLeafType(getNamedType(field.type)))
    .map(({ name }) => name)
  return selected.length === 0 ? '' : `    ... on ${made.name} { ${selected.join(' ')} }\n`
}

/** The mutations as people are shown them who want a program to send them. */
export const plugin = (schema: GraphQLSchema): string => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {})
  const operations = fields
    .filter(({ args, type }) => args.length === 1 && isUnionType(getNamedType(type)))
    .map((field) => {
      const name = capitalize(field.name)
      const selection = `    __typename\n${selectionOf(schema, field)}    ... on Problem { message }\n`
      return [
        field.name,
        `mutation ${name}($input: ${field.args[0]?.type}) {\n  ${field.name}(input: $input) {\n${selection}  }\n}`,
      ] as const
    })
  return `/** The mutations, for programs. */\nexport const operations = ${JSON.stringify(Object.fromEntries(operations), null, 2)} as const\n`
}
