import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Repository } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Secret } from '../secrets/secret.ts'

type Parts = Pick<App, 'config' | 'vault'>

/** What a sealed column is bound to. */
export const passphrasePurpose = (repositoryId: string) => `repository:${repositoryId}:passphrase`
export const keyPurpose = (repositoryId: string) => `repository:${repositoryId}:key`

/** Where the server's borg keeps what is its own, and by which name its locks are known. */
export const borgHome = ({ config, vault }: Parts): Pick<BorgRepository, 'baseFolder' | 'hostId'> => ({
  baseFolder: join(config.dataFolder, 'borg'),
  hostId: `${hostname()}@borgitory-${vault.keyId}`,
})

/** How borg is to open a repository. Throws `SealedWithOtherKey`, `SealedDamaged`. */
export const borgOf = (
  parts: Parts,
  { id, location, passphraseSealed, lockWait }: Pick<Repository, 'id' | 'location' | 'passphraseSealed' | 'lockWait'>,
): BorgRepository => ({
  location,
  passphrase: passphraseSealed === null ? null : parts.vault.open(passphraseSealed, passphrasePurpose(id)),
  ...borgHome(parts),
  lockWait,
})

/** The key that came with a repository. Throws where none is stored, and `SealedWithOtherKey`, `SealedDamaged`. */
export const keyOf = (
  { vault }: Pick<Parts, 'vault'>,
  { id, keySealed }: Pick<Repository, 'id' | 'keySealed'>,
): Secret => {
  if (keySealed === null) throw new Error('no key is stored for the repository')
  return vault.open(keySealed, keyPurpose(id))
}
