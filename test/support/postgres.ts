import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanUpAfter } from './cleanup.ts'
import { freePort } from './ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface Postgres {
  /** Of an empty database, for its owner unless `user` and `password` say otherwise. */
  url(user?: string, password?: string): string
  /** Ends it in order, as a restart would: connections are told. */
  stop(): Promise<void>
  /** Starts it again at the same address. */
  start(): Promise<void>
}

const owner = 'borgitory'

/** The folder of PostgreSQL's programs, of the newest version that Debian has installed. */
const programs = () => {
  const versions = readdirSync('/usr/lib/postgresql').sort((one, other) => Number(one) - Number(other))
  return join('/usr/lib/postgresql', versions.at(-1) ?? '', 'bin')
}

/** PostgreSQL does not run as root: then it is the user that its package has made. */
const unprivileged = () => {
  if (process.getuid?.() !== 0) return {}
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Starts a PostgreSQL of the tests' own, with an empty database, that ends after them. */
export const startPostgres = async (ownerPassword = 'p@ss/word of the tests'): Promise<Postgres> => {
  const folder = temporaryFolder()
  const user = unprivileged()
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, `${ownerPassword}\n`)
  if (user.uid !== undefined) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TZ: 'UTC' } }
  const initialise = ['--auth=scram-sha-256', `--username=${owner}`, `--pwfile=${passwordFile}`, '--no-sync']
  execFileSync(join(programs(), 'initdb'), [...initialise, '--no-instructions', data], { ...options, stdio: 'pipe' })
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=30',
    'shared_buffers=16MB',
    'fsync=off',
  ]
  let child: ChildProcess | undefined

  const start = async () => {
    const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
    const started = spawn(join(programs(), 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
    child = started
    let output = ''
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
    createInterface({ input: started.stderr }).on('line', (line) => {
      output += `${line}\n`
      if (line.includes('ready to accept connections')) resolve()
    })
    started.once('exit', () => reject(new Error(`PostgreSQL ended:\n${output}`)))
    await ready
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  cleanUpAfter(() => end('SIGQUIT'))
  await start()
  return {
    url: (name = owner, password = ownerPassword) =>
      `postgresql://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    start,
    stop: () => end('SIGINT'),
  }
}
