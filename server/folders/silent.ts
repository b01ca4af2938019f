import { run } from '../process/run.ts'

/** Milliseconds that a disk has to answer: one that sleeps takes a while to wake up. */
const usualTimeout = 15_000

interface Options {
  /** Whether folders are also opened, as whoever reads what is in them does. */
  readonly opens?: boolean
  readonly timeout?: number
  /** Ends the wait: what has not answered by then has not. */
  readonly signal?: AbortSignal
}

/** Has a program look at all of the paths, links followed; false where it is not done with them in time. */
const answer = async (
  paths: readonly string[],
  { opens = false, timeout, signal }: Options & { readonly timeout: number },
): Promise<boolean> => {
  const limit = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])])
  const args = ['-H', ...paths, '-maxdepth', '0', ...(opens ? ['-empty'] : [])]
  const look = async () => {
    // It heeds no signal as long as its disk does not answer: nobody waits for its end.
    for await (const _ of run({ program: 'find', args, parse: () => null }, { environment: {}, signal: limit }));
    return !limit.aborted
  }
  const { promise, resolve } = Promise.withResolvers<false>()
  limit.addEventListener('abort', () => resolve(false), { once: true })
  return Promise.race([look(), promise])
}

/**
 * Those of these paths, which are absolute, that do not answer, as on a server that is gone from the network. To be asked
 * before this process itself looks at what people have named: it has four threads to do that in, and each look that is not
 * answered keeps one of them for ever.
 */
export const silentOf = async (paths: readonly string[], options: Options = {}): Promise<readonly string[]> => {
  const { timeout = usualTimeout } = options
  if (paths.length === 0 || (await answer(paths, { ...options, timeout }))) return []
  if (paths.length === 1) return paths
  // Which of them it is: what only had to wake up has had its time.
  const again = { ...options, timeout: timeout / 4 }
  return (await Promise.all(paths.map((path) => silentOf([path], again)))).flat()
}

/** What is said of a path that does not answer, as a sentence that goes on from it. */
export const doesNotAnswer = 'does not answer: the disk or the server that it is on may be gone.'
