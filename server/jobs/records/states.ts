import type { RunState } from '../../../prisma/generated/client/client.ts'

/** States of a job that waits. */
export const waitingStates: readonly RunState[] = ['PENDING', 'QUEUED']

/** States in which a job has not ended. */
export const unfinishedStates: readonly RunState[] = [...waitingStates, 'RUNNING']

/** States of a job that has ended. */
export const endedStates: readonly RunState[] = [
  'COMPLETED',
  'COMPLETED_WITH_WARNINGS',
  'FAILED',
  'CANCELLED',
  'INTERRUPTED',
]
