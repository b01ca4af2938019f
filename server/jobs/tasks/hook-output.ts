import { isUtf8 } from 'node:buffer'

/** Bytes after which a line is cut. */
const longestLine = 64 * 1024

/** Bytes of output that are kept of a hook. */
const mostOutput = 16 * 1024 * 1024

const character =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g

/** Bytes as text: those that are no UTF-8 are shown as the bytes that they are. */
const textOf = (bytes: Buffer): string =>
  isUtf8(bytes)
    ? bytes.toString('utf8')
    : bytes
        .toString('latin1')
        .replace(character, (part) =>
          part.length === 1 ? `\\x${part.charCodeAt(0).toString(16)}` : Buffer.from(part, 'latin1').toString('utf8'),
        )

/** Where a line of bytes is to be cut: not within a character. */
const placeToCut = (line: Buffer): number => {
  for (let end = longestLine; end > longestLine - 4; end--) if (((line[end] ?? 0) & 0xc0) !== 0x80) return end
  return longestLine
}

/** Turns what a program prints into lines to be kept: any bytes, lines of any length, and no more than 16 MiB of all. */
export interface HookOutput {
  /** The lines that have ended. */
  push(chunk: Buffer): string[]
  /** The last line, and what there is to say of what is not kept. */
  end(): string[]
}

export const createHookOutput = (): HookOutput => {
  let rest: Buffer = Buffer.alloc(0)
  /** Characters that were kept. */
  let kept = 0
  let dropped = 0

  const keep = (lines: readonly string[]) =>
    lines.filter((line) => {
      if (dropped === 0 && kept + line.length < mostOutput) {
        kept += line.length + 1
        return true
      }
      dropped += Buffer.byteLength(line) + 1
      return false
    })

  /** Cuts what has no end yet off as long as it is too long. */
  const cut = (line: Buffer): { pieces: string[]; rest: Buffer } => {
    const pieces: string[] = []
    let left = line
    while (left.length > longestLine) {
      const end = placeToCut(left)
      pieces.push(`${textOf(left.subarray(0, end))} [the line goes on]`)
      left = left.subarray(end)
    }
    return { pieces, rest: left }
  }

  const linesOf = (bytes: Buffer): string[] =>
    textOf(bytes)
      .split(/\r\n?|\n/)
      .flatMap((line) => {
        if (line.length <= longestLine) return [line]
        const { pieces, rest } = cut(Buffer.from(line))
        return [...pieces, textOf(rest)]
      })

  return {
    push(chunk) {
      if (dropped > 0) {
        dropped += chunk.length
        return []
      }
      const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      // A carriage return ends a line as well, but one that comes last may be half of a line break.
      const end = Math.max(all.lastIndexOf(10), all.subarray(0, -1).lastIndexOf(13))
      const open = cut(all.subarray(end + 1))
      rest = Buffer.from(open.rest)
      const isPair = all[end] === 10 && all[end - 1] === 13
      const ended = end === -1 ? [] : linesOf(all.subarray(0, isPair ? end - 1 : end))
      return keep([...ended, ...open.pieces])
    },
    end() {
      const last = rest.length === 0 ? [] : keep([textOf(rest).replace(/\r$/, '')])
      if (dropped === 0) return last
      return [...last, `[${dropped.toLocaleString('en-US')} bytes more were printed, which are not kept]`]
    },
  }
}
