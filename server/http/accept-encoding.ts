import type { IncomingMessage } from 'node:http'

/** How text may be compressed for everybody who reads it: better first. */
export type Encoding = 'br' | 'gzip'

/** Whether a request takes an encoding: `Accept-Encoding` names it, with a weight that is not 0. */
export const accepts = ({ headers }: Pick<IncomingMessage, 'headers'>, encoding: Encoding): boolean =>
  (headers['accept-encoding'] ?? '')
    .toString()
    .split(',')
    .some((part) => {
      const [name, weight] = part.replaceAll(' ', '').toLowerCase().split(';q=')
      return name === encoding && Number(weight ?? 1) > 0
    })
