/** The figures of a running task that an estimate is made from. Sizes in bytes. */
export interface Figures {
  /** What borg says itself, from 0 to 100. */
  readonly percent: number | null
  readonly originalSize: bigint | null
  readonly expectedOriginalSize: bigint | null
  readonly bytesPerSecond: bigint | null
  readonly finishedAt: Date | null
}

/** 0 to 100; null where nothing is known to compare with. 99 at most before the end, however much more there is than expected. */
export const percentDone = ({
  percent,
  originalSize,
  expectedOriginalSize,
  finishedAt,
}: Omit<Figures, 'bytesPerSecond'>): number | null => {
  if (finishedAt !== null) return null
  if (percent !== null) return percent
  if (originalSize === null || !expectedOriginalSize) return null
  return Math.min(99, Math.round((Number(originalSize) / Number(expectedOriginalSize)) * 1000) / 10)
}

/** Seconds; null where nothing is known to compare with, or more was read than was expected. */
export const secondsLeft = ({
  originalSize,
  expectedOriginalSize,
  bytesPerSecond,
  finishedAt,
}: Omit<Figures, 'percent'>): number | null => {
  if (finishedAt !== null || originalSize === null || expectedOriginalSize === null || !bytesPerSecond) return null
  const left = Number(expectedOriginalSize - originalSize)
  return left < 0 ? null : Math.ceil(left / Number(bytesPerSecond))
}
