import type { BorgRepository } from '../../../server/borg/repository.ts'
import { Secret } from '../../../server/secrets/secret.ts'

/** A repository to build commands for; nothing of it exists. */
export const repository: BorgRepository = {
  location: '/srv/repo',
  passphrase: new Secret('canary'),
  baseFolder: '/data/borg',
  hostId: 'host@borgitory-1',
  lockWait: 60,
}
