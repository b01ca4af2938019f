import type { Secret } from './secret.ts'

/** What stands in the place of a value that is not to be shown. */
const mask = Buffer.from('[secret]')

/** Characters; what is shorter, as `1` or `yes`, would be found in everything, and nothing could be read any more. */
const shortest = 4

/** As a shell may show it: within single quotes of its own where it traces commands (`set -x`); a text of several lines line by line. */
const formsOf = (value: string): string[] => {
  const whole = [value, value.replaceAll("'", `'\\''`), value.replaceAll("'", `'"'"'`)]
  return [...whole, ...value.split(/\r\n?|\n/).map((line) => line.trim())].filter((form) => form.length >= shortest)
}

/** Replaces known values in what a program prints, as it comes. */
export interface Masking {
  /** What can be shown now. The end is kept back where it may be the beginning of a value. */
  push(chunk: Buffer): Buffer
  /** What was kept back. */
  end(): Buffer
  /** The same for a text that is whole. */
  text(text: string): string
}

/** Masks values of four characters or more. What a program makes of them, as Base64, is not known here. */
export const createMasking = (secrets: readonly Secret[]): Masking => {
  const forms = [...new Set(secrets.flatMap((secret) => formsOf(secret.reveal())))].map((form) => Buffer.from(form))
  /** By their first four bytes; of those that begin alike, the longest comes first. */
  const byBeginning = new Map<number, Buffer[]>()
  const canBegin = new Uint8Array(256)
  for (const form of forms.toSorted((a, b) => b.length - a.length)) {
    const beginning = form.readUInt32LE()
    const alike = byBeginning.get(beginning)
    if (alike === undefined) byBeginning.set(beginning, [form])
    else alike.push(form)
    canBegin[form[0] ?? 0] = 1
  }

  /** The form at a place, or what may become one with the bytes to come; null where there is none. */
  const findAt = (bytes: Buffer, at: number, isEnd: boolean): Buffer | 'may come' | null => {
    const rest = bytes.length - at
    const candidates = rest < 4 ? forms : (byBeginning.get(bytes.readUInt32LE(at)) ?? [])
    for (const form of candidates) {
      if (isEnd && form.length > rest) continue
      const length = Math.min(form.length, rest)
      if (bytes.compare(form, 0, length, at, at + length) === 0) return form.length <= rest ? form : 'may come'
    }
    return null
  }

  /** `isEnd` where no bytes are to come. */
  const replace = (bytes: Buffer, isEnd: boolean): { shown: Buffer; rest: Buffer } => {
    const parts: Buffer[] = []
    let from = 0
    let at = 0
    while (at < bytes.length) {
      const found = canBegin[bytes[at] ?? 0] === 1 ? findAt(bytes, at, isEnd) : null
      if (found === 'may come') break
      if (found === null) at += 1
      else {
        parts.push(bytes.subarray(from, at), mask)
        at += found.length
        from = at
      }
    }
    return { shown: Buffer.concat([...parts, bytes.subarray(from, at)]), rest: bytes.subarray(at) }
  }

  let kept: Buffer = Buffer.alloc(0)
  return {
    push(chunk) {
      const { shown, rest } = replace(Buffer.concat([kept, chunk]), false)
      kept = Buffer.from(rest)
      return shown
    },
    end() {
      const { shown } = replace(kept, true)
      kept = Buffer.alloc(0)
      return shown
    },
    text: (text) => replace(Buffer.from(text), true).shown.toString('utf8'),
  }
}
