/** What the program that stands in for borg prints, and how it is found again in the output of its task. */

/** The line that says that the program runs, as the output of a task has it. */
export const firstLine = 'A /source/ready'

/** The path in line `index`, with the time at which it is printed: nanoseconds of the machine's monotonic clock. */
export const pathOf = (index: number, time: bigint): string => `/source/${index}/${time}`

/** Takes a line of the task's output apart; null for one that was not printed in this way. */
export const parsePrinted = (line: string): { index: number; time: bigint } | null => {
  const [, index, time] = /^A \/source\/(\d+)\/(\d+)$/.exec(line) ?? []
  return index === undefined || time === undefined ? null : { index: Number(index), time: BigInt(time) }
}
