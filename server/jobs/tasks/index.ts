import type { TaskKinds } from '../records/kind-definition.ts'
import { acceptRollback } from './accept-rollback.ts'
import { backup } from './backup.ts'
import { compact } from './compact.ts'
import { dryRun } from './dry-run.ts'
import { hook } from './hook.ts'
import { importKey } from './import-key.ts'
import { init } from './init.ts'
import { list } from './list.ts'

/** The kinds of tasks that there are. */
export const taskKinds = {
  IMPORT_KEY: importKey,
  INIT: init,
  ACCEPT_ROLLBACK: acceptRollback,
  BACKUP: backup,
  DRY_RUN: dryRun,
  LIST: list,
  COMPACT: compact,
  HOOK: hook,
} satisfies TaskKinds
