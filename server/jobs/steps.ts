import type { JobKind, TaskKind } from '../../prisma/generated/client/client.ts'
import type { Step } from './step.ts'
import { backUp } from './steps/backup.ts'
import { dryRun } from './steps/dry-run.ts'
import { importKey } from './steps/import-key.ts'
import { createRepository } from './steps/init.ts'
import { listArchives } from './steps/list.ts'

/** What each kind of task does. */
export const steps: Record<TaskKind, Step> = {
  IMPORT_KEY: importKey,
  INIT: createRepository,
  BACKUP: backUp,
  DRY_RUN: dryRun,
  LIST: listArchives,
}

/** The tasks of a job, in order. */
export const tasksOf = (kind: JobKind, { hasKey = false } = {}): readonly TaskKind[] => {
  switch (kind) {
    case 'CREATE_REPOSITORY':
      return ['INIT', 'LIST']
    case 'IMPORT_REPOSITORY':
      return hasKey ? ['IMPORT_KEY', 'LIST'] : ['LIST']
    case 'BACKUP':
      return ['BACKUP', 'LIST']
    case 'DRY_RUN':
      return ['DRY_RUN']
    case 'REFRESH_ARCHIVES':
      return ['LIST']
  }
}

/** Tasks that are done although an earlier one failed or was stopped: a repository may have changed all the same. */
export const runsAfterFailure: ReadonlySet<TaskKind> = new Set(['LIST'])

/**
 * Tasks that open the repository: borg takes its lock for them, so their jobs take the repository's lease and wait for each
 * other. The rest work beside them.
 */
export const opensRepository: ReadonlySet<TaskKind> = new Set(['IMPORT_KEY', 'INIT', 'BACKUP', 'LIST'])
