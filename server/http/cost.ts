import { getMappedArgumentValues } from '@pothos/core'
import type { FieldComplexity } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type VariableValues,
} from 'graphql'
import { fieldComplexity } from '../schema/builder.ts'
import type { Context } from '../schema/context.ts'
import { limits, tooLarge } from './limits.ts'

export interface Operation {
  readonly schema: GraphQLSchema
  /** Valid. */
  readonly document: DocumentNode
  /** The one of the document’s that is to run. */
  readonly operation: OperationDefinitionNode
  readonly variables: VariableValues
  readonly context: Context
  /** What it costs already. */
  readonly complexity?: number
}

/** What `limits` are about. */
export interface Cost {
  readonly complexity: number
  readonly depth: number
  readonly breadth: number
}

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef]

const isMeta = ({ name }: GraphQLNamedType) => name.startsWith('__')

/** What a field was declared to cost, and how many of what is below it there are; of introspection by the rule for all. */
const priceOf = (field: GraphQLField<unknown, Context>, args: Record<string, unknown>, context: Context) => {
  const declared = (field.extensions.complexity as FieldComplexity<Context, typeof args> | undefined) ?? fieldComplexity
  const price = typeof declared === 'function' ? declared(args, context, field) : declared
  const { field: own = 1, multiplier = 1 } = typeof price === 'number' ? { field: price } : price
  return { own, times: Math.max(0, multiplier) }
}

/** What stands beside the items of a page is there once. */
const isOnce = (type: GraphQLCompositeType, field: GraphQLField<unknown, Context>) =>
  isObjectType(type) && type.getFields().edges !== undefined && !isListType(getNullableType(field.type))

/**
 * Counts what an operation asks for, field by field with all that fragments bring along, and stops at the first that is
 * over a limit: to find out is never as much work as to do it. Checks the arguments of each field on the way. Throws a
 * `GraphQLError` that people may see.
 */
export const countCost = ({ schema, document, operation, variables, context, complexity = 0 }: Operation): Cost => {
  const fragments = Object.fromEntries(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  )
  const info = { schema, fragments, variableValues: variables }
  const cost = { complexity, depth: 0, breadth: 0 }
  const raise = (name: keyof Cost, value: number) => {
    cost[name] = Math.max(cost[name], value)
    if (value > limits[name]) throw tooLarge(`its ${name} is over ${limits[name]}`)
  }

  /** `count`: how many of `type` there are; `pages`: how many of the pages that they are in. */
  const look = (
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    count: number,
    pages: number,
    depth: number,
  ): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection
        const on = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type
        if (fragment && isCompositeType(on)) look(fragment.selectionSet, on, count, pages, depth)
        continue
      }
      raise('breadth', cost.breadth + 1)
      // Introspection has a limit of its own (`MaxIntrospectionDepthRule`).
      if (!isMeta(type)) raise('depth', depth)
      const name = selection.name.value
      const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {}
      const field = fields[name] ?? metaFields.find((meta) => meta.name === name)
      if (!field) continue
      const args = getMappedArgumentValues(field, selection, context, info) as Record<string, unknown>
      const { own, times } = priceOf(field, args, context)
      const here = isOnce(type, field) ? pages : count
      raise('complexity', cost.complexity + here * own)
      const inner = getNamedType(field.type)
      if (selection.selectionSet && isCompositeType(inner)) {
        look(selection.selectionSet, inner, here * times, here, depth + 1)
      }
    }
  }
  const root = schema.getRootType(operation.operation)
  if (root) look(operation.selectionSet, root, 1, 1, 1)
  return cost
}
