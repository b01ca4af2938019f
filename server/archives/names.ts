import { hostname, userInfo } from 'node:os'
import { IANAZone } from 'luxon'
import type { ArchiveNameFacts } from '../borg/archive-name.ts'

/** Bytes of UTF-8 that a plan's or a repository's name may take of an archive's. */
const longestPart = 80

/** A name as it can stand in that of an archive: no slash, no `::`, not as long, and no space that a shell would split at. */
const partOfName = (name: string): string => {
  const cleaned = name.replace(/\s+|\/|::/g, '-')
  let part = ''
  for (const character of cleaned) {
    if (Buffer.byteLength(part + character) > longestPart) break
    part += character
  }
  return part
}

/** The user that the server runs as. One without an entry in the system's list, as containers have them, is known by number only. */
export const username = (): string => {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? '')
  }
}

/** The zone of this machine. Where `TZ` is empty or names none, the system itself takes UTC, and Node has no name for it. */
const systemZone = (): string => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return IANAZone.isValidZone(timeZone) ? timeZone : 'UTC'
}

/** What the placeholders of an archive's name stand for on this machine; a backup without a plan has its repository's name. */
export const archiveNameFacts = (planName: string | null, repositoryName: string, now: Date): ArchiveNameFacts => ({
  hostname: hostname(),
  user: username(),
  plan: partOfName(planName ?? repositoryName),
  repository: partOfName(repositoryName),
  now,
  timeZone: systemZone(),
})
