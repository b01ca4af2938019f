import { type AnyVariables, type CombinedError, useClient } from '@urql/solid'
import { createSignal } from 'solid-js'
import { parse } from './documents.ts'
import type { TypedDocumentString } from './gql/graphql.ts'
import type { ProblemType } from './gql/types.ts'

interface Problem {
  __typename?: ProblemType
  message: string
  fields?: { path: string[]; message: string }[]
}

type Success<Data> = Exclude<Data[keyof Data], { message: string }>

/** What went wrong, in words for the person who asked. */
export const sayError = (error: CombinedError) =>
  error.networkError
    ? 'The server did not answer. Nothing on this page was lost; try again in a moment.'
    : error.graphQLErrors.map(({ message }) => message).join('\n') || error.message

/** One mutation whose answer is either what it is called for or a problem; the problem stays until the next run. */
export const createAction = <Data, Variables extends AnyVariables>(document: TypedDocumentString<Data, Variables>) => {
  const client = useClient()
  const [isPending, setPending] = createSignal(false)
  const [problem, setProblem] = createSignal<Problem>()

  return {
    isPending,
    problem,
    setProblem,
    /** What the server says about the field of the input at this path, and about what is in it. */
    fieldProblem: (...names: string[]) =>
      problem()
        ?.fields?.filter(({ path }) => names.every((name, index) => path[index] === name))
        .map(({ message }) => message)
        .join(' '),
    /** Resolves to what the mutation made; undefined where it was refused, which `problem` then explains. */
    run: async (variables: Variables): Promise<Success<Data> | undefined> => {
      if (isPending()) return undefined
      setPending(true)
      setProblem(undefined)
      const { data, error } = await client.mutation(parse(document), variables).toPromise()
      setPending(false)
      if (error || !data) {
        setProblem({ message: error ? sayError(error) : 'The server gave no answer.' })
        return undefined
      }
      const [answer] = Object.values(data as Record<string, Success<Data> | Problem>)
      if (typeof answer === 'object' && answer !== null && 'message' in answer) {
        setProblem(answer as Problem)
        return undefined
      }
      return answer as Success<Data>
    },
  }
}
