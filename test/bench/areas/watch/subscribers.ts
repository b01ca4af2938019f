import type { Measurement } from '../../areas.ts'
import { fillWithRepositories, noOpServer, pauseQueue, queueIsEmpty, resumeQueue, startJobs } from '../../no-op-jobs.ts'
import { followTasksWithDrops } from '../../subscribers.ts'

const jobCount = 2_000
const subscriberCount = 1_000
const repositoryCount = 100
const linesOfTask = 200

/** Many who follow many jobs, over connections that come and go at random. */
export const subscribers: Measurement = async (bench) => {
  bench.say(`${jobCount} jobs with ${subscriberCount} subscribers that connect and drop at random …`)
  const { api } = await bench.startServer({
    program: noOpServer,
    fill: fillWithRepositories(repositoryCount),
    environment: { NO_OP_LINES: String(linesOfTask) },
  })
  await pauseQueue(api)
  const taskIds = await startJobs(api, jobCount)
  const { begun, ended } = followTasksWithDrops(bench, api, taskIds, { processes: 2, subscribers: subscriberCount })
  await begun
  const beginning = performance.now()
  const isOver = queueIsEmpty(api)
  await resumeQueue(api)
  await isOver
  const seconds = (performance.now() - beginning) / 1000
  const followed = await ended
  const sum = (count: (each: (typeof followed)[number]) => number) =>
    followed.reduce((total, each) => total + count(each), 0)
  const drops = sum((each) => each.drops)
  bench.say(`  ${seconds.toFixed(1)} s; connections were cut ${drops} times`)
  if (drops < subscriberCount) throw new Error('too few connections were cut to say anything')
  const missing = Math.abs(taskIds.length * linesOfTask - sum((each) => each.received))
  return [
    {
      name: '2,000 jobs, 1,000 subscribers that connect and drop at random: output lines lost or repeated',
      value: missing + sum((each) => each.wrong),
      unit: '',
      target: 0,
    },
  ]
}
