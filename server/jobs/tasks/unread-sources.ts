import type { BorgEvent } from '../../borg/messages.ts'
import type { BorgFileProblem } from '../../borg/warnings.ts'
import { isSamePlace } from '../../folders/same-place.ts'
import { specialKind } from '../../folders/source-kind.ts'

/** Finds out which sources are left out, as a whole or for what they hold: by what borg says of each, and by looking. */
export interface UnreadSources {
  see(event: BorgEvent): void
  note(problem: BorgFileProblem): void
  /** Names them, each with the reason, in a sentence; null where all were read. */
  sentence(): Promise<string | null>
}

/** What borg keeps as a mere entry, by its status (docs: borg create, "Item flags"). */
const mereEntries: Partial<Record<string, string>> = {
  s: 'a symbolic link',
  f: 'a FIFO',
  b: 'a block device',
  c: 'a character device',
}

/** Of what borg gives any of these, it has read what was there, or was told to leave it out. */
const asTold = /^[AMUChdx]$/

/** Why borg says nothing of a source: it takes what is one file or folder once. */
const silence = async (source: string, sources: readonly string[]): Promise<string> => {
  for (const other of sources) {
    if (other !== source && (await isSamePlace(source, other))) return `the same as ${JSON.stringify(other)}`
  }
  return 'borg took nothing of it'
}

/** What borg warned of; of an error of the system its words, without its number, what borg did, and the path once more. */
const reasonOf = (message: string) => message.replace(/^.*?\[Errno \d+\] (.*?)(?:: ['"<].*)?$/s, '$1')

/** With `readsDevices` a block device is read like a file. */
export const createUnreadSources = (sources: readonly string[], { readsDevices = false } = {}): UnreadSources => {
  const wanted = new Set(sources)
  const read = new Set<string>()
  const mentioned = new Set<string>()
  const reasons = new Map<string, string>()
  return {
    see(event) {
      if (event.type !== 'file' || !wanted.has(event.path)) return
      mentioned.add(event.path)
      if (asTold.test(event.status)) read.add(event.path)
      const kind = mereEntries[event.status]
      if (kind !== undefined) reasons.set(event.path, kind)
    },
    note({ path, message }) {
      // It was read to its end all the same.
      if (wanted.has(path) && !message.startsWith('file changed while')) reasons.set(path, reasonOf(message))
    },
    async sentence() {
      for (const source of sources) {
        if (reasons.has(source) || read.has(source)) continue
        const kind = await specialKind(source, { readsDevices })
        const reason = kind ?? (mentioned.has(source) ? null : await silence(source, sources))
        if (reason !== null) reasons.set(source, reason)
      }
      if (reasons.size === 0) return null
      const named = sources.filter((source) => reasons.has(source))
      return `Sources left out: ${named.map((source) => `${JSON.stringify(source)} (${reasons.get(source)})`).join(', ')}.`
    },
  }
}
