import { getMappedArgumentValues } from '@pothos/core'
import type { FieldComplexity } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
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
  readonly complexity: number
}

const metaFields = [SchemaMetaFieldDef, TypeMetaFieldDef]

/** What a field was declared to cost; those of introspection by the rule for all fields. */
const priceOf = (field: GraphQLField<unknown, Context>, args: Record<string, unknown>, context: Context) => {
  const price = (field.extensions.complexity as FieldComplexity<Context, typeof args> | undefined) ?? fieldComplexity
  const { field: own = 1, multiplier = 1 } = toObject(typeof price === 'function' ? price(args, context, field) : price)
  return { own, multiplier: Math.max(0, multiplier) }
}

const toObject = (price: number | { field?: number; multiplier?: number }) =>
  typeof price === 'number' ? { field: price } : price

/**
 * Counts what an operation asks for, field by field with all that fragments bring along, and stops at the first that is
 * over a limit: to find out is never as much work as to do it. Checks the arguments of each field on the way. Throws a
 * `GraphQLError` that people may see.
 */
export const assertAffordable = ({ schema, document, operation, variables, context, ...given }: Operation): void => {
  const fragments = Object.fromEntries(
    document.definitions
      .filter((definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  )
  const info = { schema, fragments, variableValues: variables }
  let { complexity } = given
  let breadth = 0

  const look = (set: SelectionSetNode, type: GraphQLCompositeType, times: number, depth: number): void => {
    for (const selection of set.selections) {
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection
        const on = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type
        if (fragment && isCompositeType(on)) look(fragment.selectionSet, on, times, depth)
        continue
      }
      if (++breadth > limits.breadth) throw tooLarge(`its breadth is over ${limits.breadth}`)
      const name = selection.name.value
      const isComplete = isObjectType(type) || isInterfaceType(type)
      const field = (isComplete && type.getFields()[name]) || metaFields.find((meta) => meta.name === name)
      if (!field) continue
      // Introspection has a limit of its own (`MaxIntrospectionDepthRule`).
      if (depth > limits.depth && !isMeta(type)) throw tooLarge(`its depth is over ${limits.depth}`)
      const args = getMappedArgumentValues(field, selection, context, info) as Record<string, unknown>
      const { own, multiplier } = priceOf(field, args, context)
      complexity += times * own
      if (complexity > limits.complexity) throw tooLarge(`its complexity is over ${limits.complexity}`)
      const inner = getNamedType(field.type)
      if (selection.selectionSet && isCompositeType(inner))
        look(selection.selectionSet, inner, times * multiplier, depth + 1)
    }
  }
  const root = schema.getRootType(operation.operation)
  if (root) look(operation.selectionSet, root, 1, 1)
}

const isMeta = ({ name }: GraphQLCompositeType) => name.startsWith('__')
