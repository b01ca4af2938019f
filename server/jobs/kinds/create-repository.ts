import { defineJob } from './define.ts'

export const createRepository = defineJob<Record<never, never>>({
  description: 'Creates a new, empty borg repository.',
  setsUpRepository: true,
  tasks: () => [{ kind: 'INIT' }, { kind: 'LIST' }],
})
