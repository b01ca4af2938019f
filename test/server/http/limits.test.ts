import { globSync, readFileSync } from 'node:fs'
import {
  concatAST,
  type DocumentNode,
  getIntrospectionQuery,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { settingsParts } from '../../../codegen.ts'
import { countCost } from '../../../server/http/cost.ts'
import { limits, strangersLimits } from '../../../server/http/limits.ts'
import { hasManyOverlaps } from '../../../server/http/overlaps.ts'
import type { Context } from '../../../server/schema/context.ts'
import { schema } from '../../../server/schema/index.ts'

const root = new URL('../../../', import.meta.url)
const files = globSync('web/src/**/*.graphql', { cwd: root })
/** Those beside the pages, and what is made of the schema. */
const documents = concatAST([
  ...files.map((file) => parse(readFileSync(new URL(file, root), 'utf8'))),
  parse(settingsParts),
])

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

const costOf = (document: DocumentNode, variables: Record<string, unknown> = {}) => {
  const operation = document.definitions.find(isOperation)
  if (!operation) throw new Error('There is no operation.')
  const { variableValues } = getVariableValues(schema, operation.variableDefinitions ?? [], variables)
  if (!variableValues) throw new Error('A variable has no sample.')
  return countCost({ schema, document, operation, variables: variableValues, context: {} as Context })
}

describe('limits', () => {
  it('should be tried with what the web client asks for', () => {
    expect(operations.length).toBeGreaterThan(5)
    expect(validate(schema, documents)).toEqual([])
  })

  it.each(operations)('should leave the web client room for %s', (_name, operation) => {
    const fragments = documents.definitions.filter((node) => !isOperation(node))
    const cost = costOf({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, variablesFor(operation))
    expect(cost.complexity * 4).toBeLessThan(limits.complexity)
    expect(cost.breadth * 1.5).toBeLessThan(limits.breadth)
    expect(cost.depth + 2).toBeLessThanOrEqual(limits.depth)
  })

  it('should leave room for the words of each, and for introspection', () => {
    const documentsSent = Object.values(separateOperations(documents)).map(print)
    for (const sent of [...documentsSent, getIntrospectionQuery()]) {
      expect(() => parse(sent, { maxTokens: limits.tokens / 5 })).not.toThrow()
      expect(sent.length).toBeLessThan(limits.characters / 5)
      expect(hasManyOverlaps(parse(sent))).toBe(false)
    }
    expect(strangersLimits.tokens).toBeLessThanOrEqual(limits.tokens / 5)
    const all = { inputValueDeprecation: true, specifiedByUrl: true, directiveIsRepeatable: true, oneOf: true }
    expect(costOf(parse(getIntrospectionQuery({ ...all, schemaDescription: true }))).complexity).toBeGreaterThan(1_000)
  })

  it.each([
    ['a page once, with its count', '{ jobs(first: 50) { totalCount edges { node { id } } } }', 1 + 200 + 50 * 1.2],
    [
      'pages in pages',
      '{ plans(first: 10) { edges { node { jobs(first: 10) { edges { cursor } } } } } }',
      1 + 10 * (1 + 1 + 2),
    ],
    ['a page from the end', '{ jobs(last: 10) { edges { cursor } } }', 1 + 10 * 0.2],
    ['its items by themselves', '{ jobs(first: 10) { nodes { id } } }', 1 + 10 * 0.2],
    ['what fragments bring along, each time', '{ ...a ...a } fragment a on Query { history { jobCount } }', 2 * 201],
    ['the sum of all output, each time', '{ history { a: storedOutputBytes b: storedOutputBytes } }', 8_001],
    ['each id', `{ nodes(ids: ["${btoa('Job:1')}", "${btoa('Job:2')}"]) { id } }`, 10.4],
    ['each value of a row', '{ queue { isPaused pausedAt } }', 1.4],
    ['what starts a program', 'mutation { startBackup(input: {}) { __typename } }', 2_000],
    [
      'the runs that are computed',
      '{ schedules(first: 2) { edges { node { nextRuns(first: 5) { at } } } } }',
      1 + 2 * (1 + 10 + 1),
    ],
  ])('should count %s', (_what, document, complexity) => {
    expect(costOf(parse(document)).complexity).toBeCloseTo(complexity)
  })
})
