import { init as initCommand } from '../../borg/init.ts'
import { placeOf } from '../../repositories/place.ts'
import { defineTask } from './define.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { resultOf } from './result.ts'

/** Creates the repository. */
const create = async ({ repository, borg, runBorg }: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  if (repository.encryption === null) throw new Error('a repository is created without a mode of encryption')
  const result = resultOf(await runBorg(initCommand(borg, { encryption: repository.encryption })))
  if (result.state === 'FAILED' || (await placeOf(repository).readConfig()) !== null) return result
  const problem = `Borg said that it was done, but there is no repository at ${repository.location}.`
  return { state: 'FAILED', problem, isRepositoryOpened: false }
}

export const init = defineTask({
  description: '`borg init`',
  effects: {
    done: 'The repository was created before that',
    unfinished: 'What was begun of the repository is left at its path.',
  },
  ...onRepository({ lease: 'WRITE', opening: 'PART', isThere: false }, create),
})
