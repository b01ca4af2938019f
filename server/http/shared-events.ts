import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  mapSourceToResponseEvent,
  print,
  validateSubscriptionArgs,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { scopesOf } from '../schema/builder.ts'
import type { Context } from '../schema/context.ts'

/** What was answered to an event, by who watches what. An event is the object that a subscription's field yields. */
const answers = new WeakMap<object, Map<string, ExecutionResult | Promise<ExecutionResult>>>()

/** The same for all who watch the same thing in the same way and may see the same of it. */
const keyOf = ({ document, operationName, variableValues, contextValue }: ExecutionArgs): string => {
  const rights = scopesOf(contextValue as Context)
  return JSON.stringify([rights, document.loc?.source.body ?? print(document), operationName, variableValues])
}

/** The same as `subscribe` of graphql-js, but that an event is executed once for all who share it. */
const subscribe = async (args: ExecutionArgs) => {
  const validated = validateSubscriptionArgs(args)
  if (!('schema' in validated)) return { errors: validated }
  const source = await createSourceEventStream(validated)
  if (!(Symbol.asyncIterator in source)) return source
  const key = keyOf(args)
  return mapSourceToResponseEvent(validated, source, (event) => {
    const { rootValue } = event
    if (typeof rootValue !== 'object' || rootValue === null) return executeSubscriptionEvent(event)
    const byKey = answers.get(rootValue) ?? new Map<string, ExecutionResult | Promise<ExecutionResult>>()
    answers.set(rootValue, byKey)
    const answer = byKey.get(key) ?? executeSubscriptionEvent(event)
    byKey.set(key, answer)
    return answer
  })
}

/** Has a changed row read, and all that is asked about it, once for all who watch it in the same way, however many tabs. */
export const shareEvents = (): Plugin => ({
  onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(subscribe),
})
