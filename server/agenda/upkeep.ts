import pTimeout from 'p-timeout'
import type { Log } from '../log.ts'
import { queueTimeout } from './timeout.ts'

/**
 * Keeps in the queue what follows from what is known without it. The queue may be far away, silent, gone or emptied: nobody
 * waits for it, and what could not be written is left to the next time.
 */
export interface Upkeep {
  /** Has what is missing written, now or after what is being written; once too often does no harm. Resolves when that was tried. */
  renew(): Promise<void>
  /** Writes nothing more, and resolves when what was begun is written, or could not be in time. */
  stop(): Promise<void>
}

interface UpkeepOptions {
  readonly log: Log
  /** Writes what is missing. */
  readonly write: () => Promise<void>
  /** What is logged, once, where that fails. */
  readonly trouble: string
}

export const createUpkeep = ({ log, write, trouble }: UpkeepOptions): Upkeep => {
  let isWanted = false
  let isTroubled = false
  let isStopping = false
  let writing: Promise<void> | null = null

  const writeOnce = async () => {
    try {
      await write()
      isTroubled = false
    } catch (error) {
      if (!isTroubled && !isStopping) log.error({ err: error }, trouble)
      isTroubled = true
    }
  }

  const writeWhileWanted = async () => {
    while (isWanted && !isStopping) {
      isWanted = false
      await writeOnce()
    }
    writing = null
  }

  return {
    async renew() {
      if (isStopping) return
      isWanted = true
      writing ??= writeWhileWanted()
      await writing
    },
    async stop() {
      isStopping = true
      if (writing !== null) await pTimeout(writing, queueTimeout)
    },
  }
}
