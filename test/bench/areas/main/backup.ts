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
  const bare = ({ commands }: Watched) =>
    inNewPlace(async (location) => {
      await createBare(bench, location)
      return backUpBare(bench, { commands, location })
    })

  let watched = await watch()
  const pairs: { watched: Watched; bare: Awaited<ReturnType<typeof bare>> }[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await bare(watched) : null
    watched = await watch()
    pairs.push({ watched, bare: first ?? (await bare(watched)) })
  }
  bench.say(`  bare borg create:  ${showSeconds(pairs.map((pair) => pair.bare.create))} s`)
  bench.say(`  task:              ${showSeconds(pairs.map((pair) => pair.watched.task))} s`)
  bench.say(`  … and borg list:   ${showSeconds(pairs.map((pair) => pair.bare.all))} s`)
  bench.say(`  job:               ${showSeconds(pairs.map((pair) => pair.watched.job))} s`)
  bench.say(`  server: ${showSeconds(pairs.map((pair) => pair.watched.serverProcessor))} s of processor time`)
  bench.say(`  borg:   ${showSeconds(pairs.map((pair) => pair.watched.borgProcessor))} s of processor time`)
  return [
    {
      name: 'backup through the API ÷ bare borg create',
      value: median(pairs.map((pair) => pair.watched.task / pair.bare.create)),
      unit: '',
      target: 1.03,
    },
    {
      name: '… the whole job ÷ bare borg create and borg list',
      value: median(pairs.map((pair) => pair.watched.job / pair.bare.all)),
      unit: '',
      target: 1.03,
    },
    {
      name: 'server’s own processor time ÷ borg’s in that backup',
      value: median(pairs.map(({ watched }) => watched.serverProcessor / watched.borgProcessor)),
      unit: '',
      target: 0.12,
    },
  ]
}
