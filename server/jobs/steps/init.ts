import { init } from '../../borg/init.ts'
import { resultOf, type Step } from '../step.ts'

/** Creates the repository. */
export const createRepository: Step = async ({ repository, borg, runBorg }) => {
  if (repository.encryption === null) throw new Error('a repository is created without a mode of encryption')
  return resultOf(await runBorg(init(borg, { encryption: repository.encryption })))
}
