import { borgCommand } from './command.ts'
import type { BorgEvent } from './messages.ts'
import type { BorgRepository } from './repository.ts'

/** The least share of a segment that is to be freed for it to be written anew, in percent, where nobody says another. */
export const defaultThreshold = 10

/** `borg compact`: frees the space of what was deleted. It needs no passphrase, and says what it frees as an INFO message. */
export const compact = (repository: BorgRepository, { threshold }: { threshold: number }) =>
  borgCommand(
    { ...repository, passphrase: null },
    ['compact'],
    ['--info', '--progress', '--threshold', String(threshold)],
    [repository.location],
  )

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15, EB: 1e18 }

/** Bytes that borg says it has freed, to two decimals of its unit; null for every other event. */
export const freedSize = (event: BorgEvent): number | null => {
  if (event.type !== 'message') return null
  const [, amount, unit = ''] =
    /^compaction freed about ([-\d.]+) ([kMGTPE]?B) repository space\.$/.exec(event.message) ?? []
  return amount === undefined ? null : Math.max(0, Math.round(Number(amount) * (units[unit] ?? 1)))
}
