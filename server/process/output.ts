import type { Command } from './command.ts'
import { type RunOptions, run } from './run.ts'

/** Milliseconds after which a program that should only say something short is ended. */
const patience = 10_000

/** The standard output of a program that prints little; null where there is no such program, or it cannot be started. */
export const readOutput = async (command: Command<unknown>, options: RunOptions): Promise<string | null> => {
  const output: Buffer[] = []
  const signal = AbortSignal.timeout(patience)
  for await (const event of run(command, { signal, killAfter: 1000, ...options })) {
    if (event.type === 'output') output.push(event.data)
    if (event.type === 'exit' && event.startFailure) return null
  }
  return Buffer.concat(output).toString('utf8')
}
