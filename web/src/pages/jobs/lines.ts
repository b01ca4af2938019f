/** Lines of which any part may be missing still. Putting the same line twice changes nothing. */
export interface Lines {
  /** How many there are, present or missing. */
  readonly count: number
  at(index: number): string | undefined
  put(after: number, lines: readonly string[]): void
  /** Says that there are `count` lines at least. */
  grow(count: number): void
  /** The first missing line in `from` (included) to `to` (excluded); undefined where all are present. */
  firstMissing(from: number, to: number): number | undefined
}

/** Lines in memory, none at first. */
export const createLines = (): Lines => {
  const present: (string | undefined)[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    at: (index) => present[index],
    put: (after, lines) => {
      for (const [index, line] of lines.entries()) present[after + index] = line
      count = Math.max(count, after + lines.length)
    },
    grow: (least) => {
      count = Math.max(count, least)
    },
    firstMissing: (from, to) => {
      for (let index = Math.max(0, from); index < Math.min(to, count); index++) {
        if (present[index] === undefined) return index
      }
      return undefined
    },
  }
}

/** As many lines as a browser can lay out one below the other: beyond 16 million pixels their places get inexact. */
const mostLines = 500_000

/** Which lines are laid out: `from` (included) to `to` (excluded). */
export interface LineWindow {
  readonly from: number
  readonly to: number
}

/** Windows begin at multiples of this, so that lines which come do not move one each time. */
const grain = 1000

/** The lines to lay out so that `line` is in their middle, of `count`; where all fit, all. */
export const windowAround = (line: number, count: number, most = mostLines): LineWindow => {
  if (count <= most) return { from: 0, to: count }
  const wanted = Math.min(line - Math.floor(most / 2), count - most + grain)
  return windowFrom(Math.max(0, wanted - (wanted % grain)), count, most)
}

/** The lines to lay out from a line on, of `count`. */
export const windowFrom = (from: number, count: number, most = mostLines): LineWindow => ({
  from,
  to: Math.min(count, from + most),
})
