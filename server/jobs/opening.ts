import type { TaskKind } from '../../prisma/generated/client/client.ts'
import { doubtOf } from '../borg/doubts.ts'
import type { Doubt, RepositoryEvent } from '../repositories/state.ts'
import type { BorgRun } from './borg-run.ts'
import type { StepResult } from './step.ts'

/** What has a repository opened as a whole: the other tasks that use it come before one of these. */
const opens: ReadonlySet<TaskKind> = new Set(['BACKUP', 'LIST'])

export interface Try {
  readonly kind: TaskKind
  readonly result: StepResult
  /** How borg ended; null where it was not run. */
  readonly run: BorgRun | null
  /** Borg's id of what is at the repository's place; null where none can be read. */
  readonly foundBorgId: string | null
}

/** What the try of a task that nobody has stopped tells of its repository; null where it tells nothing. */
export const eventOf = ({ kind, result, run, foundBorgId }: Try): RepositoryEvent | null => {
  const { state, problem, isRepositoryOpened } = result
  if (state !== 'FAILED') return opens.has(kind) ? { type: 'OPENED' } : null
  // A borg that was not started, or ended by a signal, tells of this machine; a backup may fail before there is any.
  const isAboutMachine = run === null ? kind !== 'LIST' : run.exitCode === null
  if (isAboutMachine || problem === null) return null
  const errors = run?.errors ?? []
  if (errors.some(({ messageId }) => messageId === 'LockTimeout')) return { type: 'LOCKED', problem }
  // That a repository can be opened says the list of its archives: no backup ever fails for that alone.
  if (isRepositoryOpened && kind !== 'LIST') return null
  const reason = doubtOf(errors) ?? result.doubt ?? null
  const doubt: Doubt | null = reason === null || foundBorgId === null ? null : { reason, borgId: foundBorgId }
  return { type: 'NOT_OPENED', problem, doubt }
}
