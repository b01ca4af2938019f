import type { ApiClient } from './api-client.ts'

/** Has a mutation make something of a type, and gives its id. Throws with the problem where it was refused. */
export const created = async (
  api: ApiClient,
  name: string,
  type: string,
  input: Readonly<Record<string, unknown>>,
): Promise<string> => {
  const answer = await api.query<Record<string, { id?: string; message?: string }>>(
    `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) {
      ${name}(input: $input) { ... on ${type} { id } ... on Problem { message } }
    }`,
    { input },
  )
  const { id, message } = answer[name] ?? {}
  if (id === undefined) throw new Error(message)
  return id
}
