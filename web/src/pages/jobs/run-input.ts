import type { JobDetailsFragment, StartBackupInput } from '../../api/gql/graphql.ts'
import { settingsInputOf } from '../plans/draft.ts'

/** What asks for such a job again: its plan, or all that it was asked to do. Undefined where nothing can. */
export const runInputOf = ({
  plan,
  repository,
  backup,
}: Pick<JobDetailsFragment, 'plan' | 'repository' | 'backup'>): StartBackupInput | undefined => {
  if (plan) return { planId: plan.id }
  return repository && backup ? { repositoryId: repository.id, ...settingsInputOf(backup) } : undefined
}
