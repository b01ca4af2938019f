/**
 * The whole server, but that its tasks do nothing: what is measured is the engine. Each prints `NO_OP_LINES` lines, some
 * at a time, that say which they are. On SIGUSR2 it collects all garbage and prints `heapMark` and the bytes of heap in use.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { readConfig } from '../../../server/config.ts'
import type { TaskKindDefinition } from '../../../server/jobs/records/kind-definition.ts'
import { taskKinds } from '../../../server/jobs/tasks/index.ts'
import { completed } from '../../../server/jobs/tasks/result.ts'
import { createLog } from '../../../server/log.ts'
import { startServer } from '../../../server/server.ts'
import { heapMark } from '../no-op-jobs.ts'

const lineCount = Number(process.env.NO_OP_LINES ?? 0)
const linesAtOnce = 10

const doNothing: TaskKindDefinition['run'] = async ({ journal }) => {
  for (let first = 0; first < lineCount; first += linesAtOnce) {
    await journal.output(Array.from({ length: linesAtOnce }, (_, index) => String(first + index)))
    await delay(2)
  }
  return completed
}

const tasks = Object.fromEntries(
  Object.entries(taskKinds).map(([id, kind]) => [id, { ...kind, run: doNothing }]),
) as typeof taskKinds

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const config = readConfig()
const server = await startServer({ config, log: createLog(config), tasks })
process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
process.on('SIGUSR2', () => {
  collect()
  process.stdout.write(`${heapMark}${process.memoryUsage().heapUsed}\n`)
})
process.stdout.write(`Borgitory is ready at ${server.address}\n`)
