import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ApiClient } from '../support/api-client.ts'
import type { Bench } from './bench.ts'
import { encryption, jobEnd, passphrase, startBackup, taskOf } from './jobs.ts'
import { processorTime } from './processes.ts'
import { followTask } from './subscribers.ts'

/** What one backup took, in seconds. */
export interface Watched {
  /** The backup task, as the records have it. */
  readonly task: number
  /** From the click to the end of the whole job, as a subscriber sees it. */
  readonly job: number
  readonly serverProcessor: number
  readonly borgProcessor: number
  /** What its two tasks were started with, without the program's name. */
  readonly commands: { readonly create: readonly string[]; readonly list: readonly string[] }
}

/** The words of a command line without the quotes of a shell (`commandLine` of `process/command.ts`), but for the first. */
const argumentsOf = ({ commandLine }: { readonly commandLine: string | null }) =>
  [...(commandLine ?? '').matchAll(/'((?:[^']|'\\'')*)'|\S+/g)]
    .map(([word, quoted]) => quoted?.replaceAll(String.raw`'\''`, "'") ?? word)
    .slice(1)

/** A backup through the API, with one WebSocket that watches the job and one its output. */
export const backUpWatched = async (
  bench: Bench,
  { api, pid }: { api: ApiClient; pid: number },
  { repositoryId, source }: { repositoryId: string; source: string },
): Promise<Watched> => {
  spawnSync('sync')
  const before = processorTime(pid)
  let after: typeof before | undefined
  const beginning = performance.now()
  const started = await startBackup(api, repositoryId, source)
  const { ended } = followTask(bench, api, taskOf(started, 'BACKUP').id, { processes: 1, sockets: 1 })
  const job = await jobEnd(api, started, (changed) => {
    if (taskOf(changed, 'BACKUP').finishedAt !== null) after ??= processorTime(pid)
  })
  const seconds = (performance.now() - beginning) / 1000
  await ended
  const create = taskOf(job, 'BACKUP')
  return {
    task: (Date.parse(create.finishedAt ?? '') - Date.parse(create.startedAt ?? '')) / 1000,
    job: seconds,
    serverProcessor: (after?.own ?? Number.NaN) - before.own,
    borgProcessor: (after?.children ?? Number.NaN) - before.children,
    commands: { create: argumentsOf(create), list: argumentsOf(taskOf(job, 'LIST')) },
  }
}

const runBare = async (bench: Bench, args: readonly string[]) => {
  const child = spawn('borg', args, {
    env: {
      PATH: process.env.PATH ?? '',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      BORG_BASE_DIR: join(bench.folder, 'borg'),
      BORG_PASSPHRASE: passphrase,
    },
    stdio: 'ignore',
  })
  bench.defer(() => void child.kill('SIGKILL'))
  const [status] = await once(child, 'exit')
  if (status !== 0) throw new Error(`borg ${args.join(' ')} ended with status ${status}`)
}

export const createBare = (bench: Bench, location: string): Promise<void> =>
  runBare(bench, ['init', '--encryption', encryption.borg, location])

let bareCount = 0

/** The same by borg alone, whose messages nobody reads. Gives seconds: of the backup, and of both. */
export const backUpBare = async (
  bench: Bench,
  { commands, location }: { commands: Watched['commands']; location: string },
): Promise<{ readonly create: number; readonly all: number }> => {
  bareCount += 1
  spawnSync('sync')
  const beginning = performance.now()
  const seconds = () => (performance.now() - beginning) / 1000
  await runBare(
    bench,
    commands.create.map((argument) => argument.replace(/^.*::.*$/, `${location}::bare-${bareCount}`)),
  )
  const create = seconds()
  await runBare(bench, [...commands.list.slice(0, -1), location])
  return { create, all: seconds() }
}

/** Durations in seconds, for people. */
export const showSeconds = (values: readonly number[]): string => values.map((value) => value.toFixed(2)).join(' ')
