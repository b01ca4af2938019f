import { readFileSync } from 'node:fs'
import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { embeddedTypes, nodeTypes, problemTypes } from '../../web/src/api/cache.ts'

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

const implementing = (name: string) => {
  const type = schema.getType(name)
  return isInterfaceType(type)
    ? schema
        .getImplementations(type)
        .objects.map((object) => object.name)
        .sort()
    : []
}

test('should know every problem and every node', () => {
  expect(problemTypes).toEqual(implementing('Problem'))
  expect(nodeTypes).toEqual(implementing('Node'))
})

test('should know every type that has no id', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const embedded = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
    .filter((type) => !('id' in type.getFields()) && !problemTypes.includes(type.name))
    .map(({ name }) => name)
    .sort()
  expect(embeddedTypes).toEqual(embedded)
})
