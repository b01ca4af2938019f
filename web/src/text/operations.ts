/** An operation with its input, as a shell command; the cookie is that of a signed-in session. */
export const curlCommand = (operation: string, input: unknown, origin: string) => {
  const body = JSON.stringify({ query: operation.replaceAll(/\s+/g, ' '), variables: { input } })
  // In single quotes a shell changes nothing but the quote itself.
  const quoted = `'${body.replaceAll("'", `'\\''`)}'`
  return `curl ${origin}/graphql -b cookies.txt -H 'content-type: application/json' -H 'x-borgitory: 1' \\\n  -d ${quoted}`
}
