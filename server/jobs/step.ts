import type { Job, Repository, RepositoryDoubt, RunState, Task } from '../../prisma/generated/client/client.ts'
import type { BorgEvent } from '../borg/messages.ts'
import type { BorgRepository } from '../borg/repository.ts'
import type { Database } from '../database/client.ts'
import type { Command } from '../process/command.ts'
import type { Secret } from '../secrets/secret.ts'
import type { BorgListeners, BorgRun } from './borg-run.ts'
import type { Journal } from './journal.ts'
import type { Persist } from './persistence.ts'

/** How a step ended, where it was not stopped from outside. */
export interface StepResult {
  readonly state: 'COMPLETED' | 'COMPLETED_WITH_WARNINGS' | 'FAILED'
  /** What a person should know of it, in plain words. */
  readonly problem: string | null
  /** Whether steps that come after a failure all the same, such as reading the list of archives, have a chance. */
  readonly isRepositoryOpened: boolean
  /** The process ids of what it started and could not end; none where it is left out. */
  readonly leftRunning?: readonly number[]
  /** Why what is at the repository's place is not taken for it, where the step found that out by itself. */
  readonly doubt?: RepositoryDoubt
}

/** How a step has borg run. */
export interface StepListeners extends BorgListeners {
  /** Whether it is not what the task is for: the task's command line and exit code stay those of another one. */
  readonly isAside?: boolean
  /** Whether it changes nothing that is kept, whatever it does: it works with a base folder that is removed afterwards. */
  readonly isTrial?: boolean
}

/** All that a step can see and do. */
export interface StepContext {
  readonly db: Database
  readonly job: Job
  readonly task: Task
  readonly repository: Repository
  readonly borg: BorgRepository
  readonly journal: Journal
  /** Writes what the step has come to. */
  readonly persist: Persist
  /** How the job stands after the tasks before this one. */
  readonly soFar: { readonly state: RunState; readonly problem: string | null }
  /** Aborts when the task is to end: it was cancelled, its time is over, or the server stops. */
  readonly signal: AbortSignal
  /** What a program starts from. */
  readonly environment: Readonly<Record<string, string>>
  /** Absolute path of the folder that holds everything Borgitory keeps. */
  readonly dataFolder: string
  /** What no backup may hold, where it is now. */
  readonly findOwnPaths: () => Promise<readonly string[]>
  /** Opens what was sealed for a purpose. Throws `SealedWithOtherKey`, `SealedDamaged`. */
  readonly open: (sealed: string, purpose: string) => Secret
  /** Opens what `repository.keySealed` holds. Throws where it holds nothing. */
  readonly openKey: () => Secret
  /** Starts borg and writes down what it says. A failure says what it has left changed, too. */
  readonly runBorg: (command: Command<BorgEvent>, listeners?: StepListeners) => Promise<BorgRun>
  /** What the job has changed in the repository so far, in a sentence for a failure without borg: “Nothing was changed.” */
  readonly whatChanged: () => Promise<string>
}

export type Step = (context: StepContext) => Promise<StepResult>

export const completed: StepResult = { state: 'COMPLETED', problem: null, isRepositoryOpened: true }

/** What a step without an outcome of its own makes of how borg ended. */
export const resultOf = ({ failure, hasWarnings, warning, leftRunning }: BorgRun): StepResult =>
  failure
    ? { state: 'FAILED', problem: failure.message, isRepositoryOpened: failure.isRepositoryOpened, leftRunning }
    : { ...completed, state: hasWarnings ? 'COMPLETED_WITH_WARNINGS' : 'COMPLETED', problem: warning }
