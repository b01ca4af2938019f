/** `1 file`, `12,345 files`. */
export const sayCount = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** 0 to 100 as a whole percent. Never 100 before it is done, and never less than 0: it is an estimate. */
export const sayPercent = (percent: number) => `${Math.floor(Math.min(99, Math.max(0, percent)))}%`
