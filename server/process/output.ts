import type { Command } from './command.ts'
import { LineTooLong } from './lines.ts'
import { type RunOptions, run } from './run.ts'

interface Options extends Pick<RunOptions, 'environment' | 'signal'> {
  /** Milliseconds after which the program is ended: it should only say something short. */
  readonly timeout?: number
}

/** Bytes that are taken at most: a program that prints more does not say what it was asked for. */
const longest = 64 * 1024

/**
 * The standard output of a program that prints little: what there is of it where the program had to be ended, at once
 * where it prints more than 64 KiB. Null where there is no such program, or it cannot be started.
 */
export const readOutput = async (
  command: Command<unknown>,
  { environment, signal, timeout = 10_000 }: Options,
): Promise<string | null> => {
  const output: Buffer[] = []
  let left = longest
  const limit = AbortSignal.timeout(timeout)
  const end = signal ? AbortSignal.any([signal, limit]) : limit
  try {
    for await (const event of run(command, { environment, signal: end, killAfter: 1000 })) {
      if (event.type === 'exit' && event.startFailure) return null
      if (event.type === 'events') left -= event.events.length
      if (event.type === 'output') {
        output.push(event.data.subarray(0, left))
        left -= event.data.length
      }
      if (left <= 0) break
    }
  } catch (error) {
    if (!(error instanceof LineTooLong)) throw error
  }
  return Buffer.concat(output).toString('utf8')
}
