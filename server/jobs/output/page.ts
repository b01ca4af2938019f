import type { OutputPage, Outputs } from './output.ts'

/** The most lines of one page. */
const limit = 10_000

/** A page of what a task printed: the `first` lines after the first `after` ones, fewer at the end. */
export const readOutput = async (
  outputs: Outputs,
  taskId: string,
  { after, first }: { after: number; first: number },
): Promise<OutputPage> => {
  const wanted = Math.min(Math.max(0, first), limit)
  let cursor = Math.max(0, after)
  const lines: string[] = []
  while (lines.length < wanted) {
    const page = await outputs.read(taskId, cursor, wanted - lines.length)
    if (page.lines.length === 0) break
    lines.push(...page.lines)
    cursor = page.cursor
  }
  return { cursor, lines }
}
