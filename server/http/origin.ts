import type { IncomingMessage } from 'node:http'

const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}

/**
 * Whether a request comes from a page of our own, or from a program that is no browser. Browsers send `Origin` with
 * every WebSocket and POST, and `Sec-Fetch-Site` with everything where they know us as secure; pages cannot change them.
 */
export const isOwnOrigin = ({ headers }: IncomingMessage): boolean => {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return headers.origin === undefined || hostOf(headers.origin) === headers.host?.toLowerCase()
}
