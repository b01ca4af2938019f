import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Measurement } from '../../areas.ts'
import { backUpBare, backUpWatched, createBare, showSeconds } from '../../backups.ts'
import { median } from '../../figure.ts'
import { createRepository } from '../../jobs.ts'
import { fillFolder } from '../../sources.ts'

const rounds = 5
const fileCount = 50_000

/**
 * A folder of which nothing has changed since its last backup, backed up again by the server and by bare borg: borg only
 * looks at its files, and says so of each, as fast as it can.
 */
export const unchanged: Measurement = async (bench) => {
  bench.say(`Backups of ${fileCount} unchanged files, ${rounds} rounds …`)
  const source = join(bench.folder, 'source')
  mkdirSync(source)
  fillFolder(source, { files: fileCount, size: 2 })
  const { server, api } = await bench.startServer()
  const repositoryId = await createRepository(api, join(bench.folder, 'repository'))
  const watch = () => backUpWatched(bench, { api, pid: server.pid }, { repositoryId, source })
  const { commands } = await watch()
  const location = join(bench.folder, 'bare')
  await createBare(bench, location)
  const bare = async () => (await backUpBare(bench, { commands, location })).create
  await bare()

  const pairs: { watched: number; bare: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const before = round % 2 === 0 ? await bare() : null
    const watched = (await watch()).task
    pairs.push({ watched, bare: before ?? (await bare()) })
  }
  bench.say(`  bare: ${showSeconds(pairs.map((pair) => pair.bare))} s`)
  bench.say(`  task: ${showSeconds(pairs.map((pair) => pair.watched))} s`)
  return [
    {
      name: 'a backup of 50,000 unchanged files through the API ÷ bare borg create',
      value: median(pairs.map((pair) => pair.watched / pair.bare)),
      unit: '',
      target: 1.1,
    },
  ]
}
