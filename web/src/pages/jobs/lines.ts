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
  /** The present lines that hold `text`, whatever the case. */
  search(text: string): number[]
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
    search: (text) => {
      const wanted = text.toLowerCase()
      const found: number[] = []
      present.forEach((line, index) => {
        if (line?.toLowerCase().includes(wanted)) found.push(index)
      })
      return found
    },
  }
}
