import type { PlanToRun } from '../../plans/sections/section.ts'
import { planTasks } from '../../plans/tasks.ts'
import { defineJob } from './define.ts'

interface Input {
  /** The plan that is run; null for a backup without one. */
  readonly plan: PlanToRun
}

export const backup = defineJob<Input>({
  description: 'Backs folders up into a new archive.',
  isAwaited: false,
  limit: 'concurrentBackups',
  needsUsableRepository: true,
  isKept: true,
  scheduledFor: 'PLAN',
  tasks: ({ plan }) => planTasks(plan),
})
