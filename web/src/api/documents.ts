import { gql, type TypedDocumentNode } from '@urql/core'
import type { AnyVariables, CreateQueryArgs, CreateSubscriptionArgs } from '@urql/solid'
import { createQuery as createUrqlQuery, createSubscription as createUrqlSubscription } from '@urql/solid'
import type { TypedDocumentString } from './gql/graphql.ts'

/** A generated operation as urql takes it: it is kept as text, and parsed when it is first sent. */
export const parse = <Data, Variables extends AnyVariables>(
  document: TypedDocumentString<Data, Variables>,
): TypedDocumentNode<Data, Variables> => gql(document.toString())

export interface QueryArgs<Data, Variables extends AnyVariables>
  extends Omit<CreateQueryArgs<Data, Variables>, 'query'> {
  query: TypedDocumentString<Data, Variables>
}

/** urql's `createQuery` for a generated operation. */
export const createQuery = <Data, Variables extends AnyVariables>({ query, ...args }: QueryArgs<Data, Variables>) =>
  createUrqlQuery({ ...args, query: parse(query) })

export interface SubscriptionArgs<Data, Variables extends AnyVariables>
  extends Omit<CreateSubscriptionArgs<Data, Variables>, 'query'> {
  query: TypedDocumentString<Data, Variables>
  /** Called with each answer. */
  note?: (data: Data) => void
}

/** urql's `createSubscription` for a generated operation. */
export const createSubscription = <Data, Variables extends AnyVariables>({
  query,
  note,
  ...args
}: SubscriptionArgs<Data, Variables>) =>
  createUrqlSubscription<Data, Data, Variables>({ ...args, query: parse(query) }, (_before, data) => {
    note?.(data)
    return data
  })
