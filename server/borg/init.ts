import { borgCommand } from './command.ts'
import { type EncryptionMode, modeName } from './encryption.ts'
import type { BorgRepository } from './repository.ts'

/** `borg init`: creates the folder and, in it, an empty repository. */
export const init = (repository: BorgRepository, { encryption }: { encryption: EncryptionMode }) =>
  borgCommand(repository, ['init'], ['--encryption', modeName(encryption), '--make-parent-dirs'], [repository.location])
