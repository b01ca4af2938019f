import type { Command } from './command.ts'
import { type RunOptions, run } from './run.ts'

interface Options extends Pick<RunOptions, 'environment' | 'signal'> {
  /** Milliseconds after which the program is ended: it should only say something short. */
  readonly patience?: number
}

/**
 * The standard output of a program that prints little: what there is of it where the program had to be ended. Null where
 * there is no such program, or it cannot be started.
 */
export const readOutput = async (
  command: Command<unknown>,
  { environment, signal, patience = 10_000 }: Options,
): Promise<string | null> => {
  const output: Buffer[] = []
  const limit = AbortSignal.timeout(patience)
  const end = signal ? AbortSignal.any([signal, limit]) : limit
  for await (const event of run(command, { environment, signal: end, killAfter: 1000 })) {
    if (event.type === 'output') output.push(event.data)
    if (event.type === 'exit' && event.startFailure) return null
  }
  return Buffer.concat(output).toString('utf8')
}
