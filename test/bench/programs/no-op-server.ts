/**
 * The whole server, but that its tasks do nothing: what is measured is the engine. Each prints `NO_OP_LINES` lines, some
 * at a time, that say which they are.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { TaskKindDefinition } from '../../../server/jobs/records/kinds.ts'
import { taskKinds } from '../../../server/jobs/tasks/index.ts'
import { completed } from '../../../server/jobs/tasks/result.ts'
import { runServer } from '../../../server/run-server.ts'

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

await runServer({ tasks })
