import type { Command } from '../process/command.ts'
import { Secret } from '../secrets/secret.ts'
import { type BorgEvent, parseBorgLine } from './messages.ts'
import type { BorgRepository } from './repository.ts'

/**
 * What all borg commands have in common: JSON messages, times in UTC, no question ever asked, the passphrase by file
 * descriptor. Positional arguments come after `--`, so none of them is taken for an option.
 */
export const borgCommand = (
  repository: BorgRepository,
  subcommand: readonly string[],
  options: readonly string[],
  positionals: readonly string[],
): Command<BorgEvent> => ({
  program: 'borg',
  args: [...subcommand, '--log-json', '--lock-wait', String(repository.lockWait), ...options, '--', ...positionals],
  environment: {
    BORG_BASE_DIR: repository.baseFolder,
    BORG_HOST_ID: repository.hostId,
    BORG_DISPLAY_PASSPHRASE: 'no',
    BORG_EXIT_CODES: 'legacy',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  },
  secrets: { BORG_PASSPHRASE_FD: repository.passphrase ?? new Secret('') },
  parse: parseBorgLine,
})
