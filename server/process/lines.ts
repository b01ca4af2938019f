import { StringDecoder } from 'node:string_decoder'

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
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const split = (text: string) => (text.includes('\r') ? text.split(/\r\n?|\n/) : text.split('\n'))
  return {
    push(chunk: Buffer): string[] {
      const text = rest + decoder.write(chunk)
      const end = chunk.includes(10) ? text.lastIndexOf('\n') : -1
      rest = text.slice(end + 1)
      const lines = end === -1 ? [] : split(text.slice(0, end))
      if (rest.length > limit || lines.some((line) => line.length > limit)) throw new LineTooLong(limit)
      return lines
    },
    end(): string[] {
      const last = rest + decoder.end()
      rest = ''
      return last === '' ? [] : split(last)
    },
  }
}
