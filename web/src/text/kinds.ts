import type { JobKind, ScheduledAction, TaskKind } from '../api/gql/graphql.ts'
import type { operations } from '../api/gql/operations.ts'

interface JobWords {
  /** What it does, as a noun. */
  readonly word: string
  /** What stands between that and the repository: `Backup of family`, and for a plan’s `photos: backup into family`. */
  readonly preposition: 'of' | 'in'
  readonly planPreposition: 'into' | 'for'
  /** Whether it makes an archive, so that it counts as the newest backup. */
  readonly isBackup?: boolean
  /** Whether it finds out what a backup would take. */
  readonly isDryRun?: boolean
  /** What a program asks for the same with, where the job says what it was asked for. */
  readonly operation?: keyof typeof operations
}

/** What there is to say of each kind of job. */
export const jobKinds: Readonly<Record<JobKind, JobWords>> = {
  CREATE_REPOSITORY: { word: 'Creation', preposition: 'of', planPreposition: 'into' },
  IMPORT_REPOSITORY: { word: 'Import', preposition: 'of', planPreposition: 'into' },
  BACKUP: {
    word: 'Backup',
    preposition: 'of',
    planPreposition: 'into',
    isBackup: true,
    operation: 'startBackup',
  },
  REFRESH_ARCHIVES: { word: 'Refresh of archives', preposition: 'in', planPreposition: 'into' },
  DRY_RUN: {
    word: 'Dry run',
    preposition: 'of',
    planPreposition: 'for',
    isDryRun: true,
    operation: 'startDryRun',
  },
  ACCEPT_REPOSITORY: { word: 'Confirmation', preposition: 'of', planPreposition: 'into' },
  COMPACT: { word: 'Compaction', preposition: 'of', planPreposition: 'into' },
}

/** Whether a text, as of an address, is a kind of job. */
export const isJobKind = (text: string | undefined): text is JobKind => Object.hasOwn(jobKinds, text ?? '')

interface TaskWords {
  /** What it does. */
  readonly word: string
  /** Whether it is a hook: not what its job is for, but something before or after that. */
  readonly isHook?: boolean
  /** Whether it finds out what a backup would take, and has counts of that. */
  readonly isDryRun?: boolean
}

/** What there is to say of each kind of task. */
export const taskKinds: Readonly<Record<TaskKind, TaskWords>> = {
  INIT: { word: 'Make the repository' },
  IMPORT_KEY: { word: 'Store the key' },
  ACCEPT_ROLLBACK: { word: 'Accept an older state' },
  BACKUP: { word: 'Back up' },
  DRY_RUN: { word: 'Find out what a backup would take', isDryRun: true },
  LIST: { word: 'Read the list of archives' },
  COMPACT: { word: 'Free the space of what was deleted' },
  HOOK: { word: 'Hook', isHook: true },
}

interface ActionWords {
  readonly word: string
  readonly explanation: string
  /** What stands before what it works on: `Backup by photos`. */
  readonly subject: string
  /** Whether it runs a plan; otherwise it works on a repository. */
  readonly isOfPlan: boolean
}

/** What a schedule can have done. */
export const actions: Readonly<Record<ScheduledAction, ActionWords>> = {
  BACKUP: {
    word: 'Back up, as a plan says',
    explanation: 'Makes a new archive of the folders of a plan.',
    subject: 'Backup by',
    isOfPlan: true,
  },
  REFRESH_ARCHIVES: {
    word: 'Read the list of archives again',
    explanation: 'Finds archives that other programs made or removed. It changes nothing in the repository.',
    subject: 'Refresh of archives in',
    isOfPlan: false,
  },
  COMPACT: {
    word: 'Compact the repository',
    explanation: 'Frees the space of archives that were deleted. Nothing else can use the repository meanwhile.',
    subject: 'Compaction of',
    isOfPlan: false,
  },
}
