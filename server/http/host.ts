import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { answerText } from './answer.ts'
import { addressFrom, type Edge, forwardedHost } from './peer.ts'

/** Endings that nobody can buy a name under, so that a machine's own name with one of them is that machine's alone. */
const homeEndings = ['local', 'lan', 'home.arpa', 'internal']

const machine = hostname().toLowerCase()
const [shortName = machine] = machine.split('.')
const machineNames = [machine, shortName, ...homeEndings.map((ending) => `${shortName}.${ending}`)]

const isOwnName = ({ host, publicUrl }: Edge, name: string) =>
  isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 ||
  ['localhost', host.toLowerCase(), publicUrl?.hostname, ...machineNames].includes(name)

/**
 * Whether a request was meant for us. A page elsewhere can have its own name lead to our address (DNS rebinding), and
 * then is of our origin to a browser: only the name tells. An address or a name of ours cannot be made to lead elsewhere.
 * Both names count where a proxy says one: some hand on what the page sent.
 */
export const isOwnHost = (edge: Edge, request: IncomingMessage): boolean =>
  [request.headers.host ?? '', forwardedHost(edge, request)].every(
    (host) => host === undefined || isOwnName(edge, addressFrom('http:', host).hostname),
  )

/** Says to a person who reached us by a name that we do not know how to have us know it. */
export const refuseHost = (response: ServerResponse): void =>
  answerText(
    response,
    421,
    'Borgitory does not know itself by the name that it was asked for. If it is right, set PUBLIC_URL to what the ' +
      'address bar of the browser says, such as PUBLIC_URL=https://borg.example, and start Borgitory again. ' +
      'It always answers to its IP addresses.',
  )
