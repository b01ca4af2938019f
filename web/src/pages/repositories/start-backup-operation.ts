import type { StartBackupInput } from '../../api/gql/graphql.ts'

/** The operation that *Start backup* sends, for people who want a program to send it. */
export const startBackupOperation = `mutation StartBackup($input: StartBackupInput!) {
  startBackup(input: $input) {
    __typename
    ... on Job { id state }
    ... on Problem { message }
  }
}`

/** The same with its variables, as a shell command; the cookie is that of a signed-in session. */
export const startBackupCommand = (input: StartBackupInput, origin: string) => {
  const body = JSON.stringify({ query: startBackupOperation.replaceAll(/\s+/g, ' '), variables: { input } })
  // In single quotes a shell changes nothing but the quote itself.
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`
  return `curl ${origin}/graphql -b cookies.txt -H 'content-type: application/json' -H 'x-borgitory: 1' \\\n  -d ${quoted}`
}
