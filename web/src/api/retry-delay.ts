/**
 * Milliseconds to wait before connection attempt number `retries` (0 is the first): doubles up to five seconds, less a
 * random part (`chance`, 0 to 1), so that many tabs do not come back in the same instant.
 */
export const retryDelay = (retries: number, chance: number) =>
  Math.min(5000, 250 * 2 ** Math.min(retries, 10)) * (1 - chance / 2)
