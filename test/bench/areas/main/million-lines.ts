import type { ApiClient } from '../../../support/api-client.ts'
import type { Measurement } from '../../areas.ts'
import { createRepository, jobEnd, startBackup, taskOf } from '../../jobs.ts'
import { parsePrinted } from '../../printed-lines.ts'
import { printingBorg } from '../../printing-borg.ts'
import { forgetPeak, peakMemory, residentMemory } from '../../processes.ts'
import { followTask } from '../../subscribers.ts'

const lineCount = 1_000_000

const pageQuery = `query ($taskId: ID!, $after: Int!) {
  node(id: $taskId) { ... on Task { output(after: $after, first: 10000) { cursor lines } } }
}`

/** Reads the whole output of a task through the API, and counts the lines that are not the next one or are missing. */
const countLost = async (api: ApiClient, taskId: string): Promise<number> => {
  let after = 0
  let next = 0
  let wrong = 0
  for (;;) {
    const { node } = await api.query<{ node: { output: { cursor: number; lines: string[] } } }>(pageQuery, {
      taskId,
      after,
    })
    const { cursor, lines } = node.output
    if (lines.length === 0) return wrong + (lineCount - next)
    for (const line of lines) {
      const printed = parsePrinted(line)
      if (printed === null) continue
      if (printed.index !== next) wrong += 1
      next = printed.index + 1
    }
    after = cursor
  }
}

/** A task that prints faster than anybody reads, with somebody who watches it live. */
export const millionLines: Measurement = async (bench) => {
  bench.say(`A task that prints ${lineCount} lines as fast as it can …`)
  const borg = printingBorg(bench.folder, { lineCount, linesPerSecond: null })
  const { server, api } = await bench.startServer({ environment: { PATH: borg.path } })
  const repositoryId = await createRepository(api, `${bench.folder}/repository`)
  const before = residentMemory(server.pid)
  forgetPeak(server.pid)
  const job = await startBackup(api, repositoryId, bench.folder)
  const taskId = taskOf(job, 'BACKUP').id
  const { begun, ended } = followTask(bench, api, taskId, { processes: 1, sockets: 1 })
  await begun
  const beginning = performance.now()
  borg.go()
  await jobEnd(api, job)
  const seconds = (performance.now() - beginning) / 1000
  const [live = { received: 0, wrong: lineCount }] = await ended
  const growth = peakMemory(server.pid) - before
  const lost = await countLost(api, taskId)
  const rate = Math.round(lineCount / seconds)
  bench.say(`  ${seconds.toFixed(1)} s: ${rate} lines a second; server: ${before.toFixed(0)} MB before`)
  return [
    { name: 'a task that prints 1,000,000 lines: lines lost on record', value: lost, unit: '', target: 0 },
    {
      name: '… lines that a live subscriber missed or got twice',
      value: live.wrong + Math.abs(lineCount - live.received),
      unit: '',
      target: 0,
    },
    { name: '… growth of the server’s memory', value: growth, unit: 'MB', target: 100 },
  ]
}
