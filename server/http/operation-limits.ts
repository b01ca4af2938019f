import { type ExecutionArgs, GraphQLError, getOperationAST, getVariableValues } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Context } from '../schema/context.ts'
import { apiError } from '../schema/errors.ts'
import { countCost } from './cost.ts'
import type { Transport } from './graphql.ts'
import { limits, tooLarge } from './limits.ts'

/** What is told where a document has no operation of the name that was asked for, or several and no name was. */
export const operationUnknown = (): GraphQLError =>
  apiError('OPERATION_RESOLUTION_FAILURE', 'Say by “operationName” which of the document’s operations to run.')

/** What each value among the variables adds to an operation’s complexity: it is checked, and may be looked up. */
const valueCost = 4

const mostValues = limits.complexity / valueCost

/** How many values there are in what was parsed from JSON; stops counting beyond `mostValues`. */
const countValues = (variables: object): number => {
  let count = 0
  const open = [variables]
  for (let next = open.pop(); next !== undefined && count <= mostValues; next = open.pop()) {
    const values: readonly unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += values.length
    if (count > mostValues) break
    for (const value of values) if (typeof value === 'object' && value !== null) open.push(value)
  }
  return count
}

/** Refuses an operation before anything of it is done. Throws a `GraphQLError` that people may see. */
const assertWithinLimits = ({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs) => {
  const context = contextValue as Context
  const operation = getOperationAST(document, operationName)
  if (!operation) throw operationUnknown()
  const inputs = variableValues ?? {}
  const complexity = countValues(inputs) * valueCost
  if (complexity > limits.complexity) throw tooLarge(`its complexity is over ${limits.complexity}`)
  const { variableValues: variables, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], inputs, {
    maxErrors: 1,
    hideSuggestions: context.viewer === null,
  })
  if (!variables) throw errors[0] ?? apiError('BAD_USER_INPUT', 'The variables cannot be read.')
  countCost({ schema, document, operation, variables, context, complexity })
}

/** Refuses operations that ask for too much, whatever they came by. */
export const limitOperations = (): Plugin<Transport> => {
  const look = (args: ExecutionArgs, refuse: (result: { errors: GraphQLError[] }) => void) => {
    try {
      assertWithinLimits(args)
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      refuse({ errors: [error] })
    }
  }
  return {
    onExecute: ({ args, setResultAndStopExecution }) => look(args, setResultAndStopExecution),
    onSubscribe: ({ args, setResultAndStopExecution }) => look(args, setResultAndStopExecution),
  }
}
