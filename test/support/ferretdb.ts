import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cleanUpAfter } from './cleanup.ts'
import { poll } from './poll.ts'
import { freePort, isListening } from './ports.ts'
import { temporaryFolder } from './temporary-folder.ts'

/**
 * A MongoDB, as far as a driver can tell, but for one thing: to find a document and to change it are two steps, so that of
 * several who do so at once more than one may succeed.
 */
export interface Ferretdb {
  /** Of an empty database. */
  readonly url: string
  /** Ends it as a loss of power would: nobody is told. */
  kill(): Promise<void>
  /** Starts it again at the same address, with what it had. */
  start(): Promise<void>
}

/** `npm test` builds it. */
const program = fileURLToPath(new URL('../../node_modules/.borgitory/bin/ferretdb', import.meta.url))

/** Whether there is one. */
export const hasFerretdb = existsSync(program)

/** For the names of the tests that need one. */
export const orSkipped = hasFerretdb ? '' : ' (skipped: FerretDB is built where Go is installed)'

/** Starts a FerretDB of the tests' own that ends after them. */
export const startFerretdb = async (): Promise<Ferretdb> => {
  const folder = temporaryFolder()
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async () => {
    const started = spawn(program, ['--address', `127.0.0.1:${port}`, '--folder', folder], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = started
    let output = ''
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-10_000)
    })
    await poll('FerretDB answers', () => {
      if (started.exitCode !== null) throw new Error(`FerretDB ended:\n${output}`)
      return isListening(port)
    })
  }
  const kill = async () => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  cleanUpAfter(kill)
  await start()
  return { url: `mongodb://127.0.0.1:${port}/borgitory`, kill, start }
}
