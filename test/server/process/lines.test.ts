import { describe, expect, test } from 'vitest'
import { createLineSplitter, LineTooLong } from '../../../server/process/lines.ts'

/** All lines of what comes in these chunks. */
const linesOf = (chunks: readonly (string | Buffer)[], limit?: number) => {
  const splitter = createLineSplitter(limit)
  return [...chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))), ...splitter.end()]
}

describe('createLineSplitter', () => {
  test('cuts at newlines, wherever the chunks end', () => {
    const text = 'one\ntwo\n\nthree\n'
    const expected = ['one', 'two', '', 'three']
    expect(linesOf([text])).toEqual(expected)
    for (let at = 0; at <= text.length; at++) expect(linesOf([text.slice(0, at), text.slice(at)])).toEqual(expected)
    expect(linesOf([...text])).toEqual(expected)
  })

  test('gives a last line that has no newline only at the end', () => {
    const splitter = createLineSplitter()
    expect(splitter.push(Buffer.from('one\ntw'))).toEqual(['one'])
    expect(splitter.push(Buffer.from('o'))).toEqual([])
    expect(splitter.end()).toEqual(['two'])
    expect(splitter.end()).toEqual([])
  })

  test('takes carriage returns as ends of lines, alone and before a newline', () => {
    expect(linesOf(['10%\r50%\r100%\ndone\r\nbye\n'])).toEqual(['10%', '50%', '100%', 'done', 'bye'])
    expect(linesOf(['10%\r20%'])).toEqual(['10%', '20%'])
  })

  test('keeps characters whole that a chunk splits', () => {
    const bytes = Buffer.from('für 🎒\nnext\n')
    expect(linesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(['für 🎒', 'next'])
  })

  test('replaces what is not UTF-8', () => {
    expect(linesOf([Buffer.from([0x61, 0xff, 0x0a])])).toEqual(['a\ufffd'])
  })

  test('refuses a line that is longer than the limit, whether it has come to its end or not', () => {
    expect(linesOf(['12345678\n12345678\n'], 8)).toEqual(['12345678', '12345678'])
    expect(() => linesOf(['123456789\n'], 8)).toThrow(new LineTooLong(8))
    expect(() => linesOf(['12345', '6789'], 8)).toThrow('a line is longer than 8 bytes')
  })
})
