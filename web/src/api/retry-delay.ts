/**
 * Milliseconds to wait before attempt number `retries` (0 is the first): doubles up to `longest`, less a random part
 * (`chance`, 0 to 1), so that many tabs do not come back in the same instant.
 */
export const retryDelay = (retries: number, chance: number, longest = 5000) =>
  Math.min(longest, 250 * 2 ** Math.min(retries, 10)) * (1 - chance / 2)
