import type { JobKind, TaskKind } from '../../prisma/generated/client/client.ts'
import type { Step } from './step.ts'
import { backUp } from './steps/backup.ts'
import { importKey } from './steps/import-key.ts'
import { createRepository } from './steps/init.ts'
import { listArchives } from './steps/list.ts'

/** What each kind of task does. */
export const steps: Record<TaskKind, Step> = {
  IMPORT_KEY: importKey,
  INIT: createRepository,
  BACKUP: backUp,
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
    case 'REFRESH_ARCHIVES':
      return ['LIST']
  }
}

/** Tasks that are done although an earlier one failed or was stopped: a repository may have changed all the same. */
export const runsAfterFailure: ReadonlySet<TaskKind> = new Set(['LIST'])
