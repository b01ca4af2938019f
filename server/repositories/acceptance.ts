import type { Job, RepositoryDoubt } from '../../prisma/generated/client/client.ts'
import type { App } from '../app.ts'
import { newJob } from '../jobs/records/create.ts'
import { NotInDoubt } from './problems.ts'
import { findRepository, startJob } from './service.ts'

/** What a person has seen of a repository and confirms. */
export interface Acceptance {
  readonly repositoryId: string
  readonly doubt: RepositoryDoubt
  /** Borg's id of what is at its place. */
  readonly borgId: string
}

/**
 * Has what is at the place of a repository taken for it from now on. Only what was seen is confirmed: where something
 * else is found there by then, the job fails. Throws `RepositoryNotFound`, `NotInDoubt`.
 */
export const acceptRepository = async (
  app: App,
  userId: string,
  { repositoryId, doubt, borgId }: Acceptance,
): Promise<Job> => {
  const repository = await findRepository(app, repositoryId)
  if (repository.doubt !== doubt || repository.foundBorgId !== borgId) throw new NotInDoubt()
  return startJob(
    app,
    newJob(app, {
      kind: 'ACCEPT_REPOSITORY',
      input: { isRolledBack: doubt === 'ROLLED_BACK' },
      repository,
      requestedById: userId,
      settings: { doubt, borgId },
    }),
  )
}
