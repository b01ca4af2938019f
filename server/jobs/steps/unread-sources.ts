import { lstat } from 'node:fs/promises'
import type { BorgFileProblem } from '../../borg/messages.ts'

/** Finds out which sources are not there, cannot be read at all, or are only links: by borg's warnings and by looking. */
export interface UnreadSources {
  note(problem: BorgFileProblem): void
  /** Names them in a sentence; null where all were read. */
  sentence(): Promise<string | null>
}

/** Borg keeps a symbolic link as such, and nothing of what it leads to. */
const isLink = (path: string) =>
  lstat(path).then(
    (status) => status.isSymbolicLink(),
    () => false,
  )

export const createUnreadSources = (sources: readonly string[]): UnreadSources => {
  const unread = new Set<string>()
  return {
    note({ path, message }) {
      if (sources.includes(path) && message.includes('[Errno')) unread.add(path)
    },
    async sentence() {
      for (const source of sources) if (await isLink(source)) unread.add(source)
      if (unread.size === 0) return null
      return `Missing, not readable or only a link: ${[...unread].map((path) => JSON.stringify(path)).join(', ')}.`
    },
  }
}
