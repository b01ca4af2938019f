import type { TaskResult } from '../records/kind-definition.ts'
import type { BorgRun } from './borg-run.ts'

export const completed: TaskResult = { state: 'COMPLETED', problem: null, isRepositoryOpened: true }

/** What a task without an outcome of its own makes of how borg ended. */
export const resultOf = ({ failure, hasWarnings, warning, leftRunning }: BorgRun): TaskResult =>
  failure
    ? { state: 'FAILED', problem: failure.message, isRepositoryOpened: failure.isRepositoryOpened, leftRunning }
    : { ...completed, state: hasWarnings ? 'COMPLETED_WITH_WARNINGS' : 'COMPLETED', problem: warning }
