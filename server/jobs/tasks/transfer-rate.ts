/** Measures how many bytes a second pass, over the last seconds. Give it the total so far, and the time in milliseconds. */
export const createRateMeter = (window = 5_000) => {
  const samples: { time: number; total: number }[] = []
  return (total: number, time: number): number | null => {
    samples.push({ time, total })
    while (samples.length > 2 && (samples[1]?.time ?? time) < time - window) samples.shift()
    const oldest = samples[0]
    if (!oldest || time - oldest.time < 500) return null
    return Math.max(0, Math.round(((total - oldest.total) * 1000) / (time - oldest.time)))
  }
}
