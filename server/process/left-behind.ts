import type { Readable } from 'node:stream'

/** Bytes that are still read of what a program has left: more than a pipe holds, so that nothing of its own is lost. */
const mostBytes = 1024 * 1024

/** Milliseconds that are waited for more of it, all in all: what a pipe holds already comes at once. */
const readTimeout = 200

/**
 * Reads a stream to its end. Whoever a program has left behind can hold its output open for ever, and write to it: once
 * `left` has aborted, only what the pipe holds already is read.
 */
export async function* readUntilLeft(stream: Readable, left: AbortSignal): AsyncGenerator<Buffer, void, void> {
  let bytes = mostBytes
  let rest = readTimeout
  let waitsSince: number | null = null
  let isGivenUp = false
  let timer: NodeJS.Timeout | undefined
  const giveUp = () => {
    isGivenUp = true
    stream.destroy()
  }
  const wait = () => {
    waitsSince = performance.now()
    if (left.aborted) timer = setTimeout(giveUp, Math.max(0, rest))
  }
  const go = () => {
    clearTimeout(timer)
    if (left.aborted && waitsSince !== null) rest -= performance.now() - waitsSince
    waitsSince = null
  }
  const hurry = () => {
    if (waitsSince !== null) wait()
  }
  left.addEventListener('abort', hurry, { once: true })
  try {
    wait()
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      go()
      yield chunk
      if (left.aborted) bytes -= chunk.length
      if (bytes < 0) break
      wait()
    }
  } catch (error) {
    if (!isGivenUp) throw error
  } finally {
    left.removeEventListener('abort', hurry)
    clearTimeout(timer)
  }
}
