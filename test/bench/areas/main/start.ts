import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { signalGroup } from '../../../../server/process/groups.ts'
import { root } from '../../../../server/setup/programs.mjs'
import { poll } from '../../../support/poll.ts'
import { compileCache } from '../../../support/server-process.ts'
import type { Measurement } from '../../areas.ts'
import type { Bench } from '../../bench.ts'
import { median } from '../../figure.ts'
import { descendants, residentMemory } from '../../processes.ts'

const starts = 5

/** Milliseconds from ready to looking at the memory. */
const idleTime = 8_000

/** Starts the server by a command. Gives the seconds until it says that it is ready, and what runs then. */
const startBy = async (bench: Bench, program: string, args: readonly string[]) => {
  const beginning = performance.now()
  const child = spawn(program, args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: compileCache,
      HOST: '127.0.0.1',
      PORT: '0',
      BORGITORY_DATA: join(bench.folder, 'data'),
      BORGITORY_STOP_GRACE: '0',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const pid = child.pid ?? 0
  const stop = async () => {
    signalGroup(pid, 'SIGTERM')
    await poll('the server ends', () => !signalGroup(pid, 0))
  }
  bench.defer(stop)
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('Borgitory is ready')) continue
    // Nobody reads on, and nothing may wait for that.
    child.stdout.resume()
    // npm start is npm, which waits for the server.
    return { seconds: (performance.now() - beginning) / 1000, pid: descendants(pid).at(-1) ?? pid, stop }
  }
  throw new Error(`${program} ${args.join(' ')} ended before the server was ready`)
}

const medianStart = async (bench: Bench, program: string, args: readonly string[]) => {
  const seconds: number[] = []
  for (let i = 0; i < starts; i++) {
    const started = await startBy(bench, program, args)
    seconds.push(started.seconds)
    await started.stop()
  }
  bench.say(
    `  ${[program.split('/').at(-1), ...args].join(' ')}: ${seconds.map((each) => each.toFixed(2)).join(' ')} s`,
  )
  return median(seconds)
}

/** How long a start takes when everything is installed and built, and what the server needs when it does nothing. */
export const start: Measurement = async (bench) => {
  bench.say('Start and idle memory …')
  // Prepares what is missing, and leaves records that were migrated.
  const first = await startBy(bench, 'npm', ['start'])
  await first.stop()
  const server = await medianStart(bench, process.execPath, ['server/main.ts'])
  const command = await medianStart(bench, 'npm', ['start'])
  const idle = await startBy(bench, 'npm', ['start'])
  await delay(idleTime)
  const idleMemory = residentMemory(idle.pid)
  await idle.stop()
  return [
    { name: 'idle memory', value: idleMemory, unit: 'MB', target: 210 },
    { name: 'start of the server to ready, warm install', value: server, unit: 's', target: 1.5 },
    { name: 'npm start to ready, warm install', value: command, unit: 's', target: 2 },
  ]
}
