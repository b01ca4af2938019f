import type { NewTask } from '../jobs/records/kind-definition.ts'
import { planSections } from './sections/index.ts'
import type { PlanToRun } from './sections/section.ts'

/** The tasks of a plan's job: what its sections add, in their order. */
export const planTasks = (plan: PlanToRun): readonly NewTask[] => {
  const added = planSections.map(({ tasks }) => tasks(plan))
  return (['before', 'main', 'after'] as const).flatMap((moment) => added.flatMap((tasks) => tasks[moment] ?? []))
}
