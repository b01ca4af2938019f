import { archiveLocation, escapePlaceholders } from './archive-name.ts'
import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'

/** `borg rename`: gives an archive another name, and with it another id. */
export const rename = (repository: BorgRepository, { from, to }: { from: string; to: string }) =>
  borgCommand(repository, ['rename'], [], [archiveLocation(repository, from), escapePlaceholders(to)])
