import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cleanUpAfter } from './cleanup.ts'
import { poll } from './poll.ts'
import { isListening } from './ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** Browsers take names that end so for their own machine, so it is reached without DNS. */
export const publicName = 'borg.localhost'

/** A reverse proxy that speaks TLS, and how its configuration in the README is made to fit a test. */
interface Kind {
  readonly name: string
  /** The language that the README marks its lines with. */
  readonly block: string
  /** What stands in the lines for what a test has. */
  readonly changes: (port: number, upstream: string, certificate: Certificate) => readonly (readonly [string, string])[]
  readonly configuration: (lines: string) => string
  readonly arguments: (file: string, folder: string) => readonly string[]
}

interface Certificate {
  readonly file: string
  readonly keyFile: string
}

export const kinds: readonly Kind[] = [
  {
    name: 'nginx',
    block: 'nginx',
    changes: (port, upstream, certificate) => [
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['server_name borg.example', `server_name ${publicName}`],
      ['/etc/ssl/borg.example.pem', certificate.file],
      ['/etc/ssl/borg.example.key', certificate.keyFile],
      ['http://127.0.0.1:8000', upstream],
    ],
    configuration: (lines) => {
      const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`)
      const user = process.getuid?.() === 0 ? 'user root;' : ''
      return `daemon off; pid pid; ${user} events {}\nhttp { access_log off; ${folders.join(' ')}\n${lines}\n}\n`
    },
    arguments: (file, folder) => ['-p', folder, '-c', file, '-e', 'stderr'],
  },
  {
    name: 'caddy',
    block: 'caddy',
    changes: (port, upstream, { file, keyFile }) => [
      ['borg.example {', `https://${publicName}:${port} {\n  bind 127.0.0.1\n  tls ${file} ${keyFile}`],
      ['127.0.0.1:8000', new URL(upstream).host],
    ],
    configuration: (lines) => `{\n  admin off\n  auto_https disable_redirects\n}\n${lines}`,
    arguments: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
]

/** Where a program is, if it is anywhere: Debian keeps servers where only root looks for them. */
const findServer = (name: string) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })

/** What this test needs and the machine lacks; undefined where it lacks nothing. */
export const missingFor = ({ name }: Kind): string | undefined =>
  [name, 'openssl'].find((program) => findServer(program) === undefined)

const certify = (folder: string): Certificate => {
  const certificate = { file: join(folder, 'certificate.pem'), keyFile: join(folder, 'key.pem') }
  const names = ['-subj', `/CN=${publicName}`, '-addext', `subjectAltName=DNS:${publicName}`]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', certificate.keyFile]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', certificate.file, ...names], {
    stdio: 'ignore',
  })
  return certificate
}

/** Runs a proxy on a port by the README's lines, in front of `upstream`, until the test ends. Gives its certificate. */
export const startReverseProxy = async (kind: Kind, port: number, upstream: string): Promise<Buffer> => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, lines] = new RegExp(`^\`\`\`${kind.block}\\n(.*?)^\`\`\`$`, 'ms').exec(readme) ?? []
  if (lines === undefined) throw new Error(`the README has no ${kind.block} block`)
  const folder = temporaryFolder()
  const certificate = certify(folder)
  let fitted = lines
  for (const [text, replacement] of kind.changes(port, upstream, certificate)) {
    if (!fitted.includes(text)) throw new Error(`the README's lines for ${kind.name} do not say ${text}`)
    fitted = fitted.replace(text, replacement)
  }
  const file = join(folder, 'configuration')
  writeFileSync(file, kind.configuration(fitted))
  const proxy = spawn(findServer(kind.name) ?? kind.name, kind.arguments(file, folder), {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  proxy.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const hasClosed = once(proxy, 'close')
  cleanUpAfter(async () => {
    proxy.kill('SIGTERM')
    await hasClosed
  })
  await poll(`${kind.name} listens`, async () => {
    if (proxy.exitCode !== null) throw new Error(`${kind.name} ended: ${said}`)
    return isListening(port)
  })
  return readFileSync(certificate.file)
}
