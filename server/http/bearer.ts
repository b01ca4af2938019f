import type { IncomingMessage } from 'node:http'

/** The token of an `Authorization` (RFC 6750, 2.1); null for what is no text, or names another scheme, as proxies' passwords do. */
export const bearerFrom = (authorization: unknown): string | null => {
  if (typeof authorization !== 'string') return null
  const [scheme = '', ...rest] = authorization.split(' ')
  return scheme.toLowerCase() === 'bearer' ? rest.join(' ').trim() : null
}

/** The API token that a request carries in its header, right or not. */
export const bearerOf = ({ headers }: IncomingMessage): string | null => bearerFrom(headers.authorization)
