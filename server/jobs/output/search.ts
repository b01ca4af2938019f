import { GraphQLError } from 'graphql'
import type { Outputs } from './output.ts'

/** A line with the text in it. */
export interface OutputMatch {
  /** Its place among the lines of the task, from 0. */
  readonly line: number
  /** The line; where it is very long, the part around the text. */
  readonly text: string
}

export interface OutputSearch {
  /** Oldest first. */
  readonly matches: readonly OutputMatch[]
  /** Number of lines up to and including the last that was looked at: the `after` that continues. */
  readonly cursor: number
  /** Whether there are no lines after it, so far. */
  readonly isComplete: boolean
}

/** What one search looks through at most, whichever comes first. A chunk is 128 KiB of text, or more where a line is long. */
const most = { lines: 500_000, chunks: 500 }

export const mostMatches = 1_000

/** The longest text that can be looked for, and the longest part of a line that is given, in characters. */
const longestText = 1_000
const longestPart = 2_000

/** Characters before the text in a part of a line. */
const lead = 200

const partOf = (line: string, at: number): string => {
  if (line.length <= longestPart) return line
  const length = longestPart - 2
  const start = Math.max(0, Math.min(at - lead, line.length - length))
  const part = line.slice(start, start + length).toWellFormed()
  return `${start > 0 ? '…' : ''}${part}${start + length < line.length ? '…' : ''}`
}

/**
 * The `first` lines with `text` in them after the first `after` ones, whatever the case of letters. Looks through a
 * bounded number of lines, a chunk at a time. Throws a `GraphQLError` that people may see.
 */
export const searchOutput = async (
  outputs: Outputs,
  taskId: string,
  { text, after, first }: { text: string; after: number; first: number },
): Promise<OutputSearch> => {
  if (text === '' || text.length > longestText) {
    throw new GraphQLError(`The text has 1 to ${longestText} characters.`, { extensions: { code: 'BAD_USER_INPUT' } })
  }
  const wanted = Math.min(Math.max(1, first), mostMatches)
  const needle = text.toLowerCase()
  const matches: OutputMatch[] = []
  const start = Math.max(0, after)
  let cursor = start
  for (let chunks = 0; chunks < most.chunks && cursor - start < most.lines; chunks++) {
    const chunk = await outputs.chunk(taskId, cursor)
    if (chunk === null) return { matches, cursor, isComplete: true }
    for (const line of chunk.lines.slice(cursor - chunk.first)) {
      const at = line.toLowerCase().indexOf(needle)
      if (at !== -1) matches.push({ line: cursor, text: partOf(line, at) })
      cursor += 1
      if (matches.length >= wanted) return { matches, cursor, isComplete: false }
    }
  }
  return { matches, cursor, isComplete: false }
}
