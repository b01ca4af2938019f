import type { TaskKind } from '../../prisma/generated/client/client.ts'
import type { Step } from './step.ts'
import { backUp } from './steps/backup.ts'
import { dryRun } from './steps/dry-run.ts'
import { runHook } from './steps/hook.ts'
import { importKey } from './steps/import-key.ts'
import { createRepository } from './steps/init.ts'
import { listArchives } from './steps/list.ts'

/** What each kind of task does. */
export type Steps = Readonly<Record<TaskKind, Step>>

export const steps: Steps = {
  IMPORT_KEY: importKey,
  INIT: createRepository,
  BACKUP: backUp,
  DRY_RUN: dryRun,
  LIST: listArchives,
  HOOK: runHook,
}

/** Tasks that are done although an earlier one failed or was cancelled: a repository may have changed all the same. */
export const runsAfterFailure: ReadonlySet<TaskKind> = new Set(['LIST'])

/**
 * Tasks that open the repository: borg takes its lock for them, so their jobs take the repository's lease and wait for each
 * other. The rest work beside them.
 */
export const opensRepository: ReadonlySet<TaskKind> = new Set(['IMPORT_KEY', 'INIT', 'BACKUP', 'LIST'])
