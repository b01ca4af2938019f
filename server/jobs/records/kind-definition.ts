import type {
  Job,
  JobKind,
  LeaseMode,
  Prisma,
  RunState,
  Task,
  TaskKind,
} from '../../../prisma/generated/client/client.ts'
import type { App } from '../../app.ts'
import type { Journal } from '../output/progress-journal.ts'
import type { Persist } from './retried-writes.ts'

/** How a task ended, where it was not stopped from outside. */
export interface TaskResult {
  readonly state: 'COMPLETED' | 'COMPLETED_WITH_WARNINGS' | 'FAILED'
  /** What a person should know of it, in plain words. */
  readonly problem: string | null
  /** Whether tasks that come after a failure all the same, such as reading the list of archives, have a chance. */
  readonly isRepositoryOpened: boolean
  /** The process ids of what it started and could not end; none where it is left out. */
  readonly leftRunning?: readonly number[]
}

/** All that a task of any kind can see and do. */
export interface TaskContext {
  readonly app: Pick<App, 'config' | 'db' | 'events' | 'vault'>
  readonly job: Job
  readonly task: Task
  readonly journal: Journal
  /** Writes what the task has come to. */
  readonly persist: Persist
  /** How the job stands after the tasks before this one. */
  readonly soFar: { readonly state: RunState; readonly problem: string | null }
  /** Aborts when the task is to end: it was cancelled, its time is over, or the server stops. */
  readonly signal: AbortSignal
  /** What a program starts from. */
  readonly environment: Readonly<Record<string, string>>
  /**
   * What the job has changed in the repository so far, in a sentence for a failure: “Nothing was changed.” `hasWritten`
   * says whether this try may have written something itself.
   */
  readonly whatChanged: (hasWritten?: boolean) => Promise<string>
}

/** What a task does to the repository, for who asks what a failure has left. */
export interface TaskEffects {
  /** What is there once it was done, as a sentence without its end; null for nothing that stays. */
  readonly done: string | null
  /** What there may be where it was stopped before its end, in a sentence. */
  readonly unfinished: string
}

/** One figure that a task finds. */
export interface SummaryFigure {
  readonly type: 'Int' | 'ByteCount'
  readonly description: string
  /** Whether it may not be known. */
  readonly isNullable?: true
}

/** What tasks of a kind find: an object type of the API, stored in `Task.summary` as JSON. */
export interface SummaryDefinition {
  /** Of the object type. */
  readonly name: string
  readonly description: string
  readonly figures: Readonly<Record<string, SummaryFigure>>
}

/** What a task has found. */
export type SummaryOf<Definition extends SummaryDefinition> = {
  readonly [Name in keyof Definition['figures']]: Definition['figures'][Name] extends { isNullable: true }
    ? number | null
    : number
}

/** A kind of task: what it does, and all that the records and the engine have to know of it. */
export interface TaskKindDefinition {
  /** What it does, for the API. */
  readonly description: string
  /** How it uses the repository: borg takes its lock for those that do, alone or shared. Null where it does not. */
  readonly lease: LeaseMode | null
  /** Whether it is done although an earlier one failed or was stopped, where that has opened the repository. */
  readonly runsAfterFailure: boolean
  /** `ELSEWHERE` for what may change anything, but nothing in the repository. */
  readonly effects: TaskEffects | 'ELSEWHERE'
  /** Whether a retry does it again though it was done: it prepares what comes after it, or reads. */
  readonly isRepeated: (task: Pick<Task, 'settings'>) => boolean
  /** What a person would miss where it was not run to its end, such as “The hook “x””; null for nothing. */
  readonly missed: (task: Pick<Task, 'settings'>) => string | null
  /** What it finds; null for nothing but what all tasks tell. */
  readonly summary: SummaryDefinition | null
  /** Whether only administrators may see what it has run. */
  readonly isRestricted: boolean
  readonly run: (context: TaskContext) => Promise<TaskResult>
}

export type TaskKinds = Readonly<Record<TaskKind, TaskKindDefinition>>

/** A task to write down; its place is that in the list. */
export type NewTask = Omit<Prisma.TaskUncheckedCreateWithoutJobInput, 'position'>

/** A kind of job: what it consists of, and all that the records and the engine have to know of it. */
export interface JobKindDefinition<Input = never> {
  /** What it is for, for the API. */
  readonly description: string
  /** Whether a person who begins it by hand waits for its end: it goes before what was planned. */
  readonly isAwaited: boolean
  /** Which limit of the queue counts it, besides that of all jobs. */
  readonly limit: 'concurrentBackups' | null
  /** Whether it is for a repository that can be used; otherwise it may make one so. */
  readonly needsUsableRepository: boolean
  /** Whether a repository that is `PENDING` waits for it. */
  readonly setsUpRepository: boolean
  /** Whether the newest of each plan and repository is kept, however long the history is. */
  readonly isKept: boolean
  /** What a schedule runs it for; null where none may. */
  readonly scheduledFor: 'PLAN' | 'REPOSITORY' | null
  /** The tasks of a new one, in order, each with its policies. */
  readonly tasks: (input: Input) => readonly NewTask[]
}

export type JobKinds = Readonly<Record<JobKind, JobKindDefinition>>

/** All kinds of jobs and tasks; `jobs/kinds` and `jobs/tasks` list the real ones. */
export interface Kinds {
  readonly jobs: JobKinds
  readonly tasks: TaskKinds
}

/** Those of the kinds of jobs of which something holds. */
export const kindsThat = (jobs: JobKinds, holds: (kind: JobKindDefinition) => boolean): JobKind[] =>
  Object.entries(jobs).flatMap(([id, kind]) => (holds(kind) ? [id as JobKind] : []))
