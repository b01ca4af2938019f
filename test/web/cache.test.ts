import { readFileSync } from 'node:fs'
import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { embeddedTypes, listFields, nodeTypes, problemTypes, singletonTypes } from '../../web/src/api/gql/types.ts'

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

test('should know of each type how its objects are told apart', () => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const objects = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
    .map(({ name }) => name)
  const known = [...nodeTypes, ...problemTypes, ...singletonTypes, ...embeddedTypes]
  expect(known.toSorted()).toEqual(objects.toSorted())
  expect(singletonTypes).toEqual(['History', 'Queue', 'System'])
})

test('should know where the objects of a type are listed', () => {
  expect(listFields).toMatchObject({ BackupPlan: ['plans'], Job: ['jobs'], Schedule: ['schedules'] })
  expect(listFields).not.toHaveProperty('FileProblem')
})
