import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type Network, parseNetwork } from './ip-addresses.ts'
import { Secret } from './secrets/secret.ts'

/** What the environment asks for, checked. The README's table of variables says what each one means. */
export interface Config {
  readonly host: string
  readonly port: number
  /** What browsers have in their address bar, where that is not what the server listens at; it has no path. */
  readonly publicUrl: URL | null
  /** The proxies that are believed whom they speak for. */
  readonly trustedProxies: readonly Network[]
  /** Absolute path of the folder that holds everything Borgitory keeps. */
  readonly dataFolder: string
  readonly setupToken: Secret
  /** Absolute path of the key that seals secrets at rest. */
  readonly secretKeyFile: string
  /** Absolute path of the SQLite file with the records. */
  readonly databaseFile: string
  /** The database that the queue is kept in, which may hold a password; null for the embedded queue. */
  readonly agendaUrl: Secret | null
  /** For how many seconds running jobs may go on after SIGTERM before they are interrupted. */
  readonly stopGrace: number
  /** The few variables of the server's own environment that the programs it starts are given. */
  readonly childEnvironment: Readonly<Record<string, string>>
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** The environment asks for something that cannot be done; the message names the variable. */
export class ConfigInvalid extends Error {}

const embeddedOnly = z.literal('', 'only the embedded default is supported by this version: leave it unset').default('')

/** A server, or several of MongoDB's, and a database on it. What is refused is not repeated: it may hold a password. */
const queueUrl = z
  .string()
  .regex(
    /^(postgres(ql)?|mongodb(\+srv)?):\/\/[^/]*\/[^/?]+(\?.*)?$/,
    'must be postgresql://… or mongodb://… and name a database, as in postgresql://user:password@host/borgitory',
  )
  .or(z.literal(''))

/** A browser must find everything at the top: cookies, links and the policy of the web client know no path before it. */
const publicUrl = z.string().transform((text, context) => {
  if (text === '') return null
  const url = URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url
  const message = 'must be an address without a path, such as https://borg.example or http://nas:8000'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const networks = z.string().transform((text, context) =>
  text.split(/[\s,]+/).flatMap((part) => {
    if (part === '') return []
    const network = parseNetwork(part)
    if (network !== null) return [network]
    const message = `${part} is neither an address nor a network; use such as 127.0.0.1, 10.0.0.0/8 or fd00::/8`
    context.addIssue({ code: 'custom', message })
    return []
  }),
)

/** What borg, rclone and ssh need from the surroundings; everything else, secrets above all, stays here. */
const inherited = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'SSH_AUTH_SOCK']

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(8000),
  PUBLIC_URL: publicUrl.default(null),
  TRUSTED_PROXIES: networks.default([]),
  BORGITORY_DATA: z.string().min(1).default('./data'),
  BORGITORY_SETUP_TOKEN: z.string().min(16, 'must have 16 characters or more').optional(),
  BORGITORY_SECRET_KEY_FILE: z.string().min(1).optional(),
  BORGITORY_STOP_GRACE: z.coerce.number().min(0).max(3600).default(10),
  BORGITORY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DATABASE_URL: z.string().startsWith('file:', 'only file: addresses are supported by this version').optional(),
  AGENDA_URL: queueUrl.optional(),
  EVENTS_URL: embeddedOnly,
})

/** Reads the configuration out of environment variables. Throws `ConfigInvalid`. */
export const readConfig = (variables: Record<string, string | undefined> = process.env): Config => {
  const parsed = environment.safeParse(variables)
  if (!parsed.success) {
    throw new ConfigInvalid(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
  }
  const dataFolder = resolve(parsed.data.BORGITORY_DATA)
  return {
    host: parsed.data.HOST,
    port: parsed.data.PORT,
    publicUrl: parsed.data.PUBLIC_URL,
    trustedProxies: parsed.data.TRUSTED_PROXIES,
    dataFolder,
    setupToken: new Secret(parsed.data.BORGITORY_SETUP_TOKEN ?? randomBytes(24).toString('base64url')),
    secretKeyFile: resolve(parsed.data.BORGITORY_SECRET_KEY_FILE ?? join(dataFolder, 'secret.key')),
    databaseFile: parsed.data.DATABASE_URL
      ? resolve(parsed.data.DATABASE_URL.slice('file:'.length))
      : join(dataFolder, 'borgitory.sqlite'),
    agendaUrl: parsed.data.AGENDA_URL ? new Secret(parsed.data.AGENDA_URL) : null,
    stopGrace: parsed.data.BORGITORY_STOP_GRACE,
    childEnvironment: Object.fromEntries(
      inherited.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])),
    ),
    logLevel: parsed.data.BORGITORY_LOG_LEVEL,
  }
}
