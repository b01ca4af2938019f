import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Measurement } from '../../areas.ts'
import { backUpBare, backUpWatched, createBare, showSeconds, type Watched } from '../../backups.ts'
import { median } from '../../figure.ts'
import { createRepository } from '../../jobs.ts'
import { fillFolder } from '../../sources.ts'

const rounds = 5
const fileCount = 50_000
/** kB of a file in the mean: 1 GB in all. */
const fileSize = 20

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
  const watch = () =>
    inNewPlace(async (location) => {
      const repositoryId = await createRepository(api, location)
      return backUpWatched(bench, { api, pid: server.pid }, { repositoryId, source })
    })
  const bare = (args: readonly string[]) =>
    inNewPlace(async (location) => {
      await createBare(bench, location)
      return backUpBare(bench, { args, location })
    })

  let { args } = await watch()
  const pairs: { watched: Watched; bare: number }[] = []
  for (let round = 0; round < rounds; round++) {
    let bareSeconds = round % 2 === 0 ? await bare(args) : Number.NaN
    const watched = await watch()
    args = watched.args
    if (round % 2 === 1) bareSeconds = await bare(args)
    pairs.push({ watched, bare: bareSeconds })
  }
  bench.say(`  bare:   ${showSeconds(pairs.map((pair) => pair.bare))} s`)
  bench.say(`  task:   ${showSeconds(pairs.map((pair) => pair.watched.task))} s`)
  bench.say(`  job:    ${showSeconds(pairs.map((pair) => pair.watched.job))} s`)
  bench.say(`  server: ${showSeconds(pairs.map((pair) => pair.watched.serverProcessor))} s of processor time`)
  bench.say(`  borg:   ${showSeconds(pairs.map((pair) => pair.watched.borgProcessor))} s of processor time`)
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
