/** What the program that stands in for borg prints, and how it is found again in the output of its task. */

/** Whether a line of the output of a task is the first, of the source itself: it says that the program runs. */
export const isFirstLine = (line: string): boolean => line.startsWith('d ')

/** The path in line `index`, with the time at which it is printed: nanoseconds of the machine's monotonic clock. */
export const pathOf = (index: number, time: bigint): string => `/source/${index}/${time}`

/** Takes a line of the task's output apart; null for one that the server or another program printed. */
export const parsePrinted = (line: string): { index: number; time: bigint } | null => {
  const [, index, time] = /^A \/source\/(\d+)\/(\d+)$/.exec(line) ?? []
  return index === undefined || time === undefined ? null : { index: Number(index), time: BigInt(time) }
}
