import { defineJob } from './define.ts'

interface Input {
  /** Whether a key comes with the repository. */
  readonly hasKey: boolean
}

export const importRepository = defineJob<Input>({
  description: 'Opens a borg repository that exists and reads its list of archives.',
  setsUpRepository: true,
  tasks: ({ hasKey }) => (hasKey ? [{ kind: 'IMPORT_KEY' }, { kind: 'LIST' }] : [{ kind: 'LIST' }]),
})
