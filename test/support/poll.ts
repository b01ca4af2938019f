import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `condition` holds, for things that announce nothing. Throws after `within` milliseconds. */
export const poll = async (
  what: string,
  condition: () => boolean | Promise<boolean>,
  { within = 120_000, every = 25 } = {},
): Promise<void> => {
  const deadline = Date.now() + within
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited for ${within} ms: ${what}`)
    await delay(every)
  }
}
