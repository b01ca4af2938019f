import { defineJob } from './define.ts'

interface Input {
  /** Whether the repository is older than borg knew it. */
  readonly isRolledBack: boolean
}

export const acceptRepository = defineJob<Input>({
  description: 'Takes what is at a repository’s place for it, after a person has confirmed that.',
  tasks: ({ isRolledBack }) => (isRolledBack ? [{ kind: 'ACCEPT_ROLLBACK' }, { kind: 'LIST' }] : [{ kind: 'LIST' }]),
})
