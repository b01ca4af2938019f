import type { RunState, Task, TaskCondition } from '../../../prisma/generated/client/client.ts'

/** How a task ended, or how a job stands after some of its tasks. */
export interface Outcome {
  readonly state: RunState
  /** What a person should know of it, in plain words. */
  readonly problem: string | null
}

export const nothingYet: Outcome = { state: 'COMPLETED', problem: null }

/** From best to worst; a job ends as its worst task. */
const severity: readonly RunState[] = ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'FAILED', 'CANCELLED', 'INTERRUPTED']

/** The worse of two, the first where they are alike. */
export const worse = (a: Outcome, b: Outcome): Outcome =>
  severity.indexOf(b.state) > severity.indexOf(a.state) ? b : a

export const isFailure = ({ state }: Outcome): boolean => severity.indexOf(state) >= severity.indexOf('FAILED')

/** How a job stands after one more task has ended: what was not begun does not count. */
export const afterTask = (
  soFar: Outcome,
  { onFailure }: Pick<Task, 'onFailure'>,
  { state, problem }: Outcome,
): Outcome => {
  if (state === 'SKIPPED') return soFar
  const isWarning = state === 'FAILED' && onFailure === 'CONTINUE'
  return worse(soFar, { state: isWarning ? 'COMPLETED_WITH_WARNINGS' : state, problem })
}

const conditions: Record<TaskCondition, { isMet: (soFar: Outcome) => boolean; unmet: string }> = {
  UNLESS_FAILED: { isMet: (soFar) => !isFailure(soFar), unmet: 'Not begun: the task before it failed.' },
  ON_SUCCESS: {
    isMet: ({ state }) => state === 'COMPLETED',
    unmet: 'Not called for: not everything before it was completed.',
  },
  ON_WARNING: {
    isMet: ({ state }) => state === 'COMPLETED_WITH_WARNINGS',
    unmet: 'Not called for: nothing before it ended with warnings only.',
  },
  ON_FAILURE: { isMet: ({ state }) => state === 'FAILED', unmet: 'Not called for: nothing before it failed.' },
  ALWAYS: { isMet: () => true, unmet: '' },
}

/** Why a task is not begun after how the job stands, in plain words; null where it is. */
export const unmetCondition = (condition: TaskCondition, soFar: Outcome): string | null => {
  const { isMet, unmet } = conditions[condition]
  return isMet(soFar) ? null : unmet
}
