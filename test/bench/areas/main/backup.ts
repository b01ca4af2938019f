import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiClient } from '../../../support/api-client.ts'
import type { Measurement } from '../../areas.ts'
import type { Bench } from '../../bench.ts'
import { median } from '../../figure.ts'
import { createRepository, encryption, jobEnd, passphrase, startBackup, taskOf } from '../../jobs.ts'
import { processorTime } from '../../processes.ts'
import { fillFolder } from '../../sources.ts'
import { followTask } from '../../subscribers.ts'

const rounds = 5
const fileCount = 50_000
/** kB of a file in the mean: 1 GB in all. */
const fileSize = 20

/** What one backup took, in seconds. */
interface Watched {
  /** The backup task, as the records have it. */
  readonly task: number
  /** From the click to the end of the whole job, as a subscriber sees it. */
  readonly job: number
  readonly serverProcessor: number
  readonly borgProcessor: number
  /** What the backup task was started with, without the program's name. */
  readonly args: readonly string[]
}

/** A backup through the API into a new repository, with one WebSocket that watches the job and one its output. */
const backUpWatched = async (
  bench: Bench,
  { api, pid }: { api: ApiClient; pid: number },
  { location, source }: { location: string; source: string },
): Promise<Watched> => {
  const repositoryId = await createRepository(api, location)
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
  const { startedAt, finishedAt, commandLine } = taskOf(job, 'BACKUP')
  return {
    task: (Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '')) / 1000,
    job: seconds,
    serverProcessor: (after?.own ?? Number.NaN) - before.own,
    borgProcessor: (after?.children ?? Number.NaN) - before.children,
    args: (commandLine ?? '').split(' ').slice(1),
  }
}

/** The same backup by borg alone into a new repository, whose messages nobody reads. Gives seconds. */
const backUpBare = async (
  bench: Bench,
  { args, location }: { args: readonly string[]; location: string },
): Promise<number> => {
  const run = async (given: readonly string[]) => {
    const child = spawn('borg', given, {
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
    if (status !== 0) throw new Error(`borg ${given.join(' ')} ended with status ${status}`)
  }
  await run(['init', '--encryption', encryption.borg, location])
  spawnSync('sync')
  const beginning = performance.now()
  await run(args.map((argument) => argument.replace(/^.*(?=::)/, location)))
  return (performance.now() - beginning) / 1000
}

const show = (values: readonly number[]) => values.map((value) => value.toFixed(2)).join(' ')

/**
 * The same folder backed up by the server and by bare borg, each time into a new repository. Each goes first in turn, so
 * that what gets slower or faster with time is the same for both, and each ratio is of two neighbours.
 */
export const backup: Measurement = async (bench) => {
  bench.say(
    `Backups of ${fileCount} files and ${(fileCount * fileSize) / 1e6} GB, ${rounds} rounds and one to warm up …`,
  )
  const source = join(bench.folder, 'source')
  mkdirSync(source)
  fillFolder(source, { files: fileCount, size: fileSize })
  const { server, api } = await bench.startServer()

  let count = 0
  /** Calls `backUp` with the place of a repository that is removed afterwards. */
  const inNewPlace = async <T>(backUp: (location: string) => Promise<T>): Promise<T> => {
    count += 1
    const location = join(bench.folder, `repository-${count}`)
    const result = await backUp(location)
    rmSync(location, { recursive: true, force: true })
    return result
  }
  const watch = () => inNewPlace((location) => backUpWatched(bench, { api, pid: server.pid }, { location, source }))
  const bare = (args: readonly string[]) => inNewPlace((location) => backUpBare(bench, { args, location }))

  let { args } = await watch()
  const pairs: { watched: Watched; bare: number }[] = []
  for (let round = 0; round < rounds; round++) {
    let bareSeconds = round % 2 === 0 ? await bare(args) : Number.NaN
    const watched = await watch()
    args = watched.args
    if (round % 2 === 1) bareSeconds = await bare(args)
    pairs.push({ watched, bare: bareSeconds })
  }
  bench.say(`  bare:   ${show(pairs.map((pair) => pair.bare))} s`)
  bench.say(`  task:   ${show(pairs.map((pair) => pair.watched.task))} s`)
  bench.say(`  job:    ${show(pairs.map((pair) => pair.watched.job))} s`)
  bench.say(`  server: ${show(pairs.map((pair) => pair.watched.serverProcessor))} s of processor time`)
  bench.say(`  borg:   ${show(pairs.map((pair) => pair.watched.borgProcessor))} s of processor time`)
  return [
    {
      name: 'backup through the API ÷ bare borg create',
      value: median(pairs.map((pair) => pair.watched.task / pair.bare)),
      unit: '',
      target: 1.03,
    },
    {
      name: '… the whole job, with its list of archives ÷ bare borg create',
      value: median(pairs.map((pair) => pair.watched.job / pair.bare)),
      unit: '',
      target: 1.03,
    },
    {
      name: 'server’s own processor time ÷ borg’s in that backup',
      value: median(pairs.map(({ watched }) => watched.serverProcessor / watched.borgProcessor)),
      unit: '',
      target: 0.1,
    },
  ]
}
