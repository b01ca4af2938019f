/**
 * The whole server, but that its tasks do nothing: what is measured is the engine. Each prints `NO_OP_LINES` lines, some
 * at a time, that say which they are.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { TaskKind } from '../../../prisma/generated/client/enums.ts'
import { completed, type Step } from '../../../server/jobs/step.ts'
import type { Steps } from '../../../server/jobs/steps.ts'
import { runServer } from '../../../server/run-server.ts'

const lineCount = Number(process.env.NO_OP_LINES ?? 0)
const linesAtOnce = 10

const doNothing: Step = async ({ journal }) => {
  for (let first = 0; first < lineCount; first += linesAtOnce) {
    await journal.output(Array.from({ length: linesAtOnce }, (_, index) => String(first + index)))
    await delay(2)
  }
  return completed
}

const steps = Object.fromEntries(Object.values(TaskKind).map((kind) => [kind, doNothing])) as unknown as Steps

await runServer({ steps })
