/** An operation with its input, as a shell command, which takes an API token from its environment. */
export const curlCommand = (operation: string, input: unknown, origin: string) => {
  const body = JSON.stringify({ query: operation.replaceAll(/\s+/g, ' '), variables: { input } })
  // In single quotes a shell changes nothing but the quote itself.
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`
  return `curl ${origin}/graphql -H "Authorization: Bearer $BORGITORY_TOKEN" -H 'Content-Type: application/json' \\\n  -d ${quoted}`
}
