import { hostname } from 'node:os'
import { join } from 'node:path'
import type { App } from '../app.ts'
import type { BorgRepository } from '../borg/repository.ts'

/** Where the server's borg keeps what is its own, and by which name its locks are known. */
export const borgHome = ({
  config,
  vault,
}: Pick<App, 'config' | 'vault'>): Pick<BorgRepository, 'baseFolder' | 'hostId'> => ({
  baseFolder: join(config.dataFolder, 'borg'),
  hostId: `${hostname()}@borgitory-${vault.keyId}`,
})
