import type { Measurement } from '../../areas.ts'
import { percentile } from '../../figure.ts'
import { createRepository, jobEnd, startBackup, taskOf } from '../../jobs.ts'
import { printingBorg } from '../../printing-borg.ts'
import { followTask } from '../../subscribers.ts'

const sockets = 100
const linesPerSecond = 40
const lineCount = 20 * linesPerSecond

/** From the moment in which borg writes a line to the moment in which each of 100 WebSockets has it. */
export const latency: Measurement = async (bench) => {
  bench.say(`Latency: ${linesPerSecond} lines a second to ${sockets} subscribers …`)
  const borg = printingBorg(bench.folder, { lineCount, linesPerSecond })
  const { api } = await bench.startServer({ environment: { PATH: borg.path } })
  const repositoryId = await createRepository(api, `${bench.folder}/repository`)
  const job = await startBackup(api, repositoryId, bench.folder)
  const { begun, ended } = followTask(bench, api, taskOf(job, 'BACKUP').id, { processes: 2, sockets })
  await begun
  borg.go()
  await jobEnd(api, job)
  const followed = await ended
  if (followed.some(({ received, wrong }) => received !== lineCount || wrong > 0)) {
    throw new Error('a subscriber did not get every line once')
  }
  const latencies = Float64Array.from(followed.flatMap((each) => [...each.latencies]))
  bench.say(
    `  half of them within ${percentile(latencies, 0.5).toFixed(1)} ms, all within ${percentile(latencies, 1).toFixed(1)} ms`,
  )
  return [
    {
      name: `borg writes a line → each of ${sockets} WebSocket subscribers has it, p99`,
      value: percentile(latencies, 0.99),
      unit: 'ms',
      target: 60,
    },
  ]
}
