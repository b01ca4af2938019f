/** The type of answers whose status tells how the operation went (graphql.github.io/graphql-over-http/draft, “Media Types”). */
export const graphqlMediaType = 'application/graphql-response+json'

const jsonMediaType = 'application/json'

interface Range {
  readonly type: string
  readonly weight: number
}

/** The ranges of an `Accept` header (RFC 9110, 12.5.1), without those that ask for another charset than UTF-8. */
const rangesOf = (accept: string): readonly Range[] =>
  accept.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.toLowerCase().replace(/[\s"]/g, '').split(';')
    const parameter = (name: string) => parameters.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1)
    const weight = Number(parameter('q') ?? 1)
    return (parameter('charset') ?? 'utf-8') === 'utf-8' ? [{ type, weight: Number.isNaN(weight) ? 0 : weight }] : []
  })

/** The type of the answer to a request with this `Accept`, JSON where either will do; null where none will. */
export const mediaTypeFor = (accept: string | undefined): string | null => {
  if (!accept) return jsonMediaType
  const ranges = rangesOf(accept)
  const find = (type: string) => ranges.find((range) => range.type === type)?.weight
  const any = find('application/*') ?? find('*/*') ?? 0
  const [graphql, json] = [find(graphqlMediaType), find(jsonMediaType)]
  if ((graphql ?? any) <= 0 && (json ?? any) <= 0) return null
  if (graphql !== undefined && graphql >= (json ?? any)) return graphqlMediaType
  return (graphql ?? any) > (json ?? any) ? graphqlMediaType : jsonMediaType
}
