import { doubtOf } from '../../borg/doubts.ts'
import type { Doubt, RepositoryEvent } from '../../repositories/state.ts'
import type { BorgRun } from './borg-run.ts'
import type { RepositoryTaskResult } from './on-repository.ts'

/**
 * How much a task tells of whether its repository can be opened: nothing where it is done (`PART`), that it can be
 * (`WHOLE`), or also that it cannot, whatever else may have gone wrong (`PROOF`).
 */
export type Opening = 'PART' | 'WHOLE' | 'PROOF'

export interface Try {
  readonly opening: Opening
  readonly result: RepositoryTaskResult
  /** How borg ended; null where it was not run. */
  readonly run: BorgRun | null
  /** Borg's id of what is at the repository's place; null where none can be read. */
  readonly foundBorgId: string | null
}

/** What the try of a task that nobody has stopped tells of its repository; null where it tells nothing. */
export const eventOf = ({ opening, result, run, foundBorgId }: Try): RepositoryEvent | null => {
  const { state, problem, isRepositoryOpened } = result
  if (state !== 'FAILED') return opening === 'PART' ? null : { type: 'OPENED' }
  // A borg that was not started, or ended by a signal, tells of this machine; a backup may fail before there is any.
  const isAboutMachine = run === null ? opening !== 'PROOF' : run.exitCode === null
  if (isAboutMachine || problem === null) return null
  const errors = run?.errors ?? []
  if (errors.some(({ messageId }) => messageId === 'LockTimeout')) return { type: 'LOCKED', problem }
  // That a repository can be opened says the list of its archives: no backup ever fails for that alone.
  if (isRepositoryOpened && opening !== 'PROOF') return null
  const reason = doubtOf(errors) ?? result.doubt ?? null
  const doubt: Doubt | null = reason === null || foundBorgId === null ? null : { reason, borgId: foundBorgId }
  return { type: 'NOT_OPENED', problem, doubt }
}
