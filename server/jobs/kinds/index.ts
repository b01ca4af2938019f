import type { JobKinds } from '../records/kind-definition.ts'
import { acceptRepository } from './accept-repository.ts'
import { backup } from './backup.ts'
import { compact } from './compact.ts'
import { createRepository } from './create-repository.ts'
import { dryRun } from './dry-run.ts'
import { importRepository } from './import-repository.ts'
import { refreshArchives } from './refresh-archives.ts'

/** The kinds of jobs that there are. */
export const jobKinds = {
  CREATE_REPOSITORY: createRepository,
  IMPORT_REPOSITORY: importRepository,
  BACKUP: backup,
  REFRESH_ARCHIVES: refreshArchives,
  DRY_RUN: dryRun,
  ACCEPT_REPOSITORY: acceptRepository,
  COMPACT: compact,
} satisfies JobKinds
