import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, type ExecutionArgs, GraphQLError, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/**
 * How much one operation may ask for. `complexity` is about objects that may be loaded (see `schema/builder.ts`): several
 * times what the web client asks for, a small part of what pages in pages in pages would be.
 */
export const limits = { tokens: 1_500, complexity: 20_000, depth: 12, breadth: 300 } as const

/** Costs are counted for the operation that runs, not for the first one in its document. */
const only = (document: DocumentNode, operationName: string | null | undefined): DocumentNode => {
  const operation = getOperationAST(document, operationName)
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation,
    ),
  }
}

/** The cost of an operation, or what is wrong with its arguments. */
const costOf = ({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs) => {
  try {
    return complexityFromQuery(only(document, operationName), {
      schema,
      variables: { ...variableValues },
      ctx: Object(contextValue),
    })
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

/** What is refused about an operation, before anything of it is done. */
const refusal = (args: ExecutionArgs) => {
  if (!getOperationAST(args.document, args.operationName)) return null
  const cost = costOf(args)
  if (cost instanceof GraphQLError) return cost
  for (const name of ['complexity', 'depth', 'breadth'] as const) {
    if (cost[name] > limits[name]) {
      return new GraphQLError(`The operation asks for too much at once: its ${name} is over ${limits[name]}.`, {
        extensions: { code: 'OPERATION_TOO_LARGE' },
      })
    }
  }
  return null
}

/** Refuses operations that ask for too much, whatever they came by. */
export const limitOperations = (): Plugin => ({
  onParse: ({ parseFn, setParseFn }) =>
    setParseFn((source, options) => parseFn(source, { ...options, maxLexicalTokens: limits.tokens })),
  onExecute: ({ args, setResultAndStopExecution }) => {
    const error = refusal(args)
    if (error) setResultAndStopExecution({ errors: [error] })
  },
  onSubscribe: ({ args, setResultAndStopExecution }) => {
    const error = refusal(args)
    if (error) setResultAndStopExecution({ errors: [error] })
  },
})
