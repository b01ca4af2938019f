import type { LeaseMode, TaskKind } from '../../prisma/generated/client/client.ts'
import type { Step } from './step.ts'
import { acceptRollback } from './steps/accept-rollback.ts'
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
  ACCEPT_ROLLBACK: acceptRollback,
  BACKUP: backUp,
  DRY_RUN: dryRun,
  LIST: listArchives,
  HOOK: runHook,
}

/** Tasks that are done although an earlier one failed or was cancelled: a repository may have changed all the same. */
export const runsAfterFailure: ReadonlySet<TaskKind> = new Set(['LIST'])

/** How tasks use the repository: borg takes its lock for those that do, alone or shared. */
const modes: Readonly<Record<TaskKind, LeaseMode | null>> = {
  IMPORT_KEY: 'WRITE',
  INIT: 'WRITE',
  ACCEPT_ROLLBACK: 'WRITE',
  BACKUP: 'WRITE',
  DRY_RUN: null,
  LIST: 'READ',
  HOOK: null,
}

/** Whether a task works on a repository that is there: what is at its place must be that one. */
export const looksAtRepository = (kind: TaskKind): boolean => opensRepository(kind) && kind !== 'INIT'

export const opensRepository = (kind: TaskKind): boolean => modes[kind] !== null

/** The lease that a job needs for its tasks: one that reads is beside others that read. Null where it needs none. */
export const leaseFor = (kinds: readonly TaskKind[]): LeaseMode | null => {
  const wanted = kinds.map((kind) => modes[kind])
  if (wanted.includes('WRITE')) return 'WRITE'
  return wanted.includes('READ') ? 'READ' : null
}
