import { setTimeout as delay } from 'node:timers/promises'
import type { Measurement } from '../../areas.ts'
import { fillWithRepositories, noOpServer, pauseQueue, queueIsEmpty, resumeQueue, startJobs } from '../../no-op-jobs.ts'
import { residentMemory } from '../../processes.ts'

const repositoryCount = 100
const jobCount = 1_000

/** Milliseconds after which Node has given back what it does not need, where nothing is done. */
const restTime = 20_000

/** What the engine itself takes: jobs whose one task does nothing, of many repositories, four at a time. */
export const throughput: Measurement = async (bench) => {
  bench.say(`${jobCount} jobs that do nothing over ${repositoryCount} repositories …`)
  const { server, api } = await bench.startServer({ program: noOpServer, fill: fillWithRepositories(repositoryCount) })
  const before = residentMemory(server.pid)
  await pauseQueue(api)
  await startJobs(api, jobCount)
  const beginning = performance.now()
  const isOver = queueIsEmpty(api)
  await resumeQueue(api)
  await isOver
  const seconds = (performance.now() - beginning) / 1000
  const end = residentMemory(server.pid)
  await delay(restTime)
  const atRest = residentMemory(server.pid)
  const megabytes = [before, end, atRest].map((each) => each.toFixed(0))
  bench.say(`  ${seconds.toFixed(1)} s; server: ${megabytes.join(', ')} MB before, at the end, and at rest`)
  return [
    {
      name: '1,000 jobs that do nothing over 100 repositories, 4 at a time',
      value: jobCount / seconds,
      unit: 'jobs a second',
      target: 50,
      isAtLeast: true,
    },
    { name: '… growth of the server’s memory afterwards', value: end - before, unit: 'MB', target: 20 },
    { name: '… the same, once it rests', value: atRest - before, unit: 'MB', target: 20 },
  ]
}
