import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'

/** Opens a repository and reads next to nothing: whether passphrase and key are right shows. */
export const open = (repository: BorgRepository) =>
  borgCommand(repository, ['list'], ['--short', '--last', '1'], [repository.location])
