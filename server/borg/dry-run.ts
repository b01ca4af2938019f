import type { Command } from '../process/command.ts'
import { archiveLocation } from './archive-name.ts'
import { borgCommand } from './command.ts'
import { type Selection, selectionArguments } from './create.ts'
import type { BorgEvent } from './messages.ts'
import type { BorgRepository } from './repository.ts'

/**
 * `borg create --dry-run --list`: what a backup would take and what it would not. It opens no repository, takes no lock and
 * needs no passphrase; it only leaves out the repository's own folder. A missing source is a warning and exit status 1.
 */
export const createDryRun = (repository: BorgRepository, selection: Selection): Command<BorgEvent> =>
  borgCommand(
    { ...repository, passphrase: null },
    ['create'],
    ['--dry-run', '--list', ...selectionArguments(selection)],
    [archiveLocation(repository, 'dry-run'), ...selection.sources],
  )

export interface DryRunEntry {
  /** Absolute. */
  readonly path: string
  readonly outcome: 'INCLUDED' | 'EXCLUDED' | 'UNREADABLE'
}

const outcomes: Partial<Record<string, DryRunEntry['outcome']>> = { '-': 'INCLUDED', x: 'EXCLUDED', E: 'UNREADABLE' }

/**
 * What an event says about a file or folder; null for any other event (docs: borg create, "Item flags"). A folder comes
 * after what is in it. What lies in a folder that is left out whole, or on another file system, is not mentioned.
 */
export const dryRunEntry = (event: BorgEvent): DryRunEntry | null => {
  const outcome = event.type === 'file' ? outcomes[event.status] : undefined
  return event.type === 'file' && outcome !== undefined ? { path: event.path, outcome } : null
}
