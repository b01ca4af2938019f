import { init } from '../../borg/init.ts'
import { readRepositoryConfig } from '../repository-files.ts'
import { resultOf, type Step } from '../step.ts'

/** Creates the repository. */
export const createRepository: Step = async ({ repository, borg, runBorg }) => {
  if (repository.encryption === null) throw new Error('a repository is created without a mode of encryption')
  const result = resultOf(await runBorg(init(borg, { encryption: repository.encryption })))
  if (result.state === 'FAILED' || (await readRepositoryConfig(repository.location)) !== null) return result
  const problem = `Borg said that it was done, but there is no repository at ${repository.location}.`
  return { state: 'FAILED', problem, isRepositoryOpened: false }
}
