import type { IncomingMessage } from 'node:http'
import type { App } from '../app.ts'
import { isWithin } from '../ip-addresses.ts'

/**
 * Has the log say once that somebody speaks for others who is not trusted to. Where it is the owner's own proxy, all
 * who come through it share one address until it is, and so the limit of guesses.
 */
export const createProxyHint = ({ config, log }: App) => {
  let isSaid = false
  return ({ socket, headers }: IncomingMessage): void => {
    const proxy = socket.remoteAddress ?? ''
    if (isSaid || headers['x-forwarded-for'] === undefined || isWithin(proxy, config.trustedProxies)) return
    isSaid = true
    log.warn({ proxy }, 'X-Forwarded-For is ignored: if this is a proxy of yours, name it in TRUSTED_PROXIES')
  }
}
