import { defineJob } from './define.ts'

export const refreshArchives = defineJob<Record<never, never>>({
  description: 'Reads the list of archives again.',
  scheduledFor: 'REPOSITORY',
  tasks: () => [{ kind: 'LIST' }],
})
