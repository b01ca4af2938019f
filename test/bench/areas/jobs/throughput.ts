import { setTimeout as delay } from 'node:timers/promises'
import type { Measurement } from '../../areas.ts'
import {
  collectedHeap,
  fillWithRepositories,
  noOpServer,
  pauseQueue,
  queueIsEmpty,
  resumeQueue,
  startJobs,
} from '../../no-op-jobs.ts'

const repositoryCount = 100
const jobCount = 1_000

/** Milliseconds after which a server that has nothing to do has let go of what it worked with. */
const restTime = 2_000

/** What the engine itself takes: jobs whose one task does nothing, of many repositories, four at a time. */
export const throughput: Measurement = async (bench) => {
  bench.say(`${jobCount} jobs that do nothing over ${repositoryCount} repositories …`)
  const { server, api } = await bench.startServer({ program: noOpServer, fill: fillWithRepositories(repositoryCount) })
  await delay(restTime)
  const before = await collectedHeap(server)
  await pauseQueue(api)
  await startJobs(api, jobCount)
  const beginning = performance.now()
  const isOver = queueIsEmpty(api)
  await resumeQueue(api)
  await isOver
  const seconds = (performance.now() - beginning) / 1000
  await delay(restTime)
  const after = await collectedHeap(server)
  bench.say(`  ${seconds.toFixed(1)} s; heap in use: ${before.toFixed(1)} MB before, ${after.toFixed(1)} MB afterwards`)
  return [
    {
      name: '1,000 jobs that do nothing over 100 repositories, 4 at a time',
      value: jobCount / seconds,
      unit: 'jobs a second',
      target: 50,
      isAtLeast: true,
    },
    { name: '… growth of the heap that is in use afterwards', value: after - before, unit: 'MB', target: 10 },
  ]
}
