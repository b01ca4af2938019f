import { globSync, readFileSync } from 'node:fs'
import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  concatAST,
  type DocumentNode,
  getIntrospectionQuery,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../server/http/limits.ts'
import { schema } from '../../../server/schema/index.ts'

const root = new URL('../../../', import.meta.url)
const files = globSync('web/src/**/*.graphql', { cwd: root })
const documents = concatAST(files.map((file) => parse(readFileSync(new URL(file, root), 'utf8'))))

const isOperation = (node: DocumentNode['definitions'][number]): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION

/** Values for the variables that must have one. */
const samples: Record<string, unknown> = {
  ID: btoa('Job:1'),
  Int: 50,
  String: '/',
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
}

const variablesFor = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, type, defaultValue }) => {
      if (type.kind !== Kind.NON_NULL_TYPE || defaultValue) return []
      return [[variable.name.value, type.type.kind === Kind.NAMED_TYPE ? samples[type.type.name.value] : []]]
    }),
  )

const operations = documents.definitions
  .filter(isOperation)
  .filter(({ operation }) => operation !== 'mutation')
  .map((operation) => [operation.name?.value ?? '', operation] as const)

describe('limits', () => {
  it('should be tried with what the web client asks for', () => {
    expect(operations.length).toBeGreaterThan(5)
    expect(validate(schema, documents)).toEqual([])
  })

  it.each(operations)('should leave the web client room for %s', (_name, operation) => {
    const fragments = documents.definitions.filter((node) => !isOperation(node))
    const cost = complexityFromQuery(
      { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
      { schema, variables: variablesFor(operation), ctx: {} },
    )
    expect(cost.complexity * 4).toBeLessThan(limits.complexity)
    expect(cost.breadth * 1.5).toBeLessThan(limits.breadth)
    expect(cost.depth + 2).toBeLessThanOrEqual(limits.depth)
  })
  it('should leave room for the words of each, and for introspection', () => {
    const documentsSent = Object.values(separateOperations(documents)).map(print)
    for (const sent of [...documentsSent, getIntrospectionQuery()]) {
      expect(() => parse(sent, { maxTokens: limits.tokens / 5 })).not.toThrow()
    }
  })
})
