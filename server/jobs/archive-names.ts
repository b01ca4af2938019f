import { hostname, userInfo } from 'node:os'
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

/** What the placeholders of an archive's name stand for on this machine; a backup without a plan has its repository's name. */
export const archiveNameFacts = (planName: string | null, repositoryName: string, now: Date): ArchiveNameFacts => ({
  hostname: hostname(),
  user: userInfo().username,
  plan: partOfName(planName ?? repositoryName),
  repository: partOfName(repositoryName),
  now,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
})
