const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** Bytes in binary units with three figures: `0 B`, `1.50 KiB`, `12.3 GiB`, `123 MiB`. */
export const sayBytes = (bytes: number) => {
  let value = bytes
  let unit = 0
  // 1023.5 would be shown as 1024, which is the next unit's 1.
  while (unit < units.length - 1 && Math.abs(value) >= (unit === 0 ? 1024 : 1023.5)) {
    value /= 1024
    unit++
  }
  const size = Math.abs(value)
  const digits = unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}

/** Bytes a second: `12.3 MiB/s`. */
export const sayRate = (bytesPerSecond: number) => `${sayBytes(bytesPerSecond)}/s`

/** How many times smaller `part` is than `whole`: `12.3×`; undefined where that says nothing. */
export const sayRatio = (whole: number, part: number) => {
  if (whole <= 0 || part <= 0) return undefined
  const ratio = whole / part
  if (ratio < 1.05) return undefined
  return `${ratio >= 100 ? Math.round(ratio).toLocaleString('en') : ratio.toFixed(1)}×`
}
