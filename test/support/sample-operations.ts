import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

const samples: Record<string, string> = {
  ID: JSON.stringify(btoa('Job:00000000-0000-7000-8000-000000000000')),
  String: '"/nowhere"',
  Int: '1',
  Float: '1',
  Boolean: 'true',
  DateTime: '"2026-11-23T20:15:30.000Z"',
  ByteCount: '1',
}

/** A value of a type, as it is written in a document. */
const sampleOf = (type: GraphQLInputType): string => {
  if (isNonNullType(type)) return sampleOf(type.ofType)
  if (isListType(type)) return `[${sampleOf(type.ofType)}]`
  if (isEnumType(type)) return type.getValues()[0]?.name ?? 'null'
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField)
    return `{${fields.map(({ name, type }) => `${name}: ${sampleOf(type)}`).join(', ')}}`
  }
  const sample = samples[type.name]
  if (sample === undefined) throw new Error(`Say what a ${type.name} looks like.`)
  return sample
}

/** The arguments that a field must have, in brackets. */
export const argumentsFor = ({ args }: GraphQLField<unknown, unknown>): string => {
  const given = args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${sampleOf(arg.type)}`)
  return given.length > 0 ? `(${given.join(', ')})` : ''
}

/** An operation that asks for one field of a root type and for nothing else. */
export const operationFor = (operation: string, field: GraphQLField<unknown, unknown>): string => {
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'
  return `${operation} { ${field.name}${argumentsFor(field)}${selection} }`
}
