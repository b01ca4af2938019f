import type { Repository } from '../../prisma/generated/client/client.ts'
import type { RepositoryConfig } from '../borg/repository-config.ts'
import { silentOf } from '../folders/silent.ts'
import { readRepositoryConfig } from './files.ts'
import { type LockEvidence, readLocks } from './locks.ts'

/** Where a repository lies, for whoever looks at it without borg: a folder of this machine. */
export interface Place {
  /** Whether it can be asked anything; to be asked before anything else is. */
  answers(options?: { readonly signal?: AbortSignal; readonly timeout?: number }): Promise<boolean>
  /** What the repository there says of itself; null where none can be read, of which borg says more. */
  readConfig(): Promise<RepositoryConfig | null>
  /** Who holds borg's lock there, alone or shared with others. */
  readLocks(): Promise<readonly LockEvidence[]>
}

export const placeOf = ({ location }: Pick<Repository, 'location'>): Place => ({
  answers: async (options = {}) => (await silentOf([location], { opens: true, ...options })).length === 0,
  readConfig: () => readRepositoryConfig(location),
  readLocks: () => readLocks(location),
})
