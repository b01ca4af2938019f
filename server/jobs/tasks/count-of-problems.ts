import { mostFileProblems } from '../output/progress-journal.ts'

/** How many files something is wrong with, in a sentence, and where to find those that are not kept one by one. */
export const countOfProblems = (
  count: number,
  [one, many]: readonly [one: string, many: string],
  what: string,
): string => {
  const rest = count > mostFileProblems ? ` The first ${mostFileProblems} are listed; the output has them all.` : ''
  return `${count} ${count === 1 ? one : many} ${what}.${rest}`
}
