import type { BackupPlan, Hook } from '../../../prisma/generated/client/client.ts'
import { hookTasks } from '../../plans/hook-tasks.ts'
import { defineJob } from './define.ts'

interface Input {
  /** The plan that is run, with its hooks in any order; null for a backup without one. */
  readonly plan: (Pick<BackupPlan, 'retries' | 'retryDelay' | 'timeLimit'> & { readonly hooks: readonly Hook[] }) | null
}

export const backup = defineJob<Input>({
  description: 'Backs folders up into a new archive.',
  isAwaited: false,
  limit: 'concurrentBackups',
  needsUsableRepository: true,
  isKept: true,
  scheduledFor: 'PLAN',
  tasks: ({ plan }) => {
    if (plan === null) return [{ kind: 'BACKUP' }, { kind: 'LIST' }]
    const { hooks, retries, retryDelay, timeLimit } = plan
    return [
      ...hookTasks(hooks, (moment) => moment === 'BEFORE'),
      { kind: 'BACKUP', retries, retryDelay, timeLimit },
      { kind: 'LIST' },
      ...hookTasks(hooks, (moment) => moment !== 'BEFORE'),
    ]
  },
})
