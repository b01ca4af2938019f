/** A line is longer than a program that behaves would print; it was not kept. */
export class LineTooLong extends Error {
  constructor(limit: number) {
    super(`a line is longer than ${limit} bytes`)
  }
}

/**
 * Cuts a stream of bytes into lines of UTF-8, without their newline. Give it each chunk as it comes; `end()` gives the
 * last line where it had no newline. A carriage return ends a line as well, as progress displays use it.
 */
export const createLineSplitter = (limit = 1024 * 1024) => {
  let rest: Buffer[] = []
  let restLength = 0
  const split = (text: string) => (text.includes('\r') ? text.split(/\r\n?|\n/) : text.split('\n'))
  return {
    push(chunk: Buffer): string[] {
      const end = chunk.lastIndexOf(10)
      if (end === -1) {
        restLength += chunk.length
        if (restLength > limit) throw new LineTooLong(limit)
        rest.push(chunk)
        return []
      }
      const whole = Buffer.concat([...rest, chunk.subarray(0, end)]).toString('utf8')
      rest = [Buffer.from(chunk.subarray(end + 1))]
      restLength = rest[0]?.length ?? 0
      const lines = split(whole)
      if (lines.some((line) => line.length > limit)) throw new LineTooLong(limit)
      return lines
    },
    end(): string[] {
      const last = Buffer.concat(rest).toString('utf8')
      rest = []
      return last === '' ? [] : split(last)
    },
  }
}
