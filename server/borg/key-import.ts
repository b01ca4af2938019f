import type { Secret } from '../secrets/secret.ts'
import { borgCommand } from './command.ts'
import type { BorgRepository } from './repository.ts'

/** `borg key import`: puts a key, as `borg key export` printed it, where borg looks for it. */
export const keyImport = (repository: BorgRepository, key: Secret) => ({
  ...borgCommand(repository, ['key', 'import'], [], [repository.location, '-']),
  input: key,
})
