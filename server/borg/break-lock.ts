import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'

/** `borg break-lock`: removes the locks of a repository and of its cache, whoever holds them. Only after proof that nobody does. */
export const breakLock = (repository: BorgRepository) =>
  borgCommand(repository, ['break-lock'], [], [repository.location])
