import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds that the queue has, when the server stops, to note what it was given. */
export const queuePatience = 2_000

/** Resolves when `work` has ended, in whichever way, or after so many milliseconds: what may never end holds nobody up. */
export const within = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  await Promise.race([work.catch(() => {}), delay(milliseconds, undefined, { ref: false })])
}
