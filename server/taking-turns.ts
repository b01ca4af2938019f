import { setImmediate } from 'node:timers/promises'
import pLimit from 'p-limit'

/** Milliseconds that long work goes on before all else has its turn. */
const stretch = 10

/** To be awaited now and then by long work: all else has its turn meanwhile, when the work has gone on for a while. */
export type Pause = () => Promise<void>

/**
 * Does long work that people ask for in stretches, one piece of it after the other: many that are asked for at once hold up
 * nothing but each other.
 */
export const createStretches = () => {
  const inTurn = pLimit(1)
  let since = 0
  const pause: Pause = async () => {
    if (performance.now() - since < stretch) return
    await setImmediate()
    since = performance.now()
  }
  return <T>(work: (pause: Pause) => T | Promise<T>): Promise<T> =>
    inTurn(async () => {
      await pause()
      return work(pause)
    })
}
