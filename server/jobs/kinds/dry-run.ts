import { defineJob } from './define.ts'

export const dryRun = defineJob<Record<never, never>>({
  description: 'Finds out what a backup would take along, without making an archive.',
  isAwaited: false,
  needsUsableRepository: true,
  tasks: () => [{ kind: 'DRY_RUN' }],
})
