import type { BackupPlan, Hook, JobKind, Prisma, TaskKind } from '../../prisma/generated/client/client.ts'
import type { HookSettings } from './settings.ts'

/** What a job takes over from the plan that it runs. */
export interface JobPlan extends Pick<BackupPlan, 'id' | 'priority' | 'retries' | 'retryDelay' | 'timeLimit'> {
  /** In any order; `position` says which. */
  readonly hooks: readonly Hook[]
}

/** A task to write down; its place is that in the list. */
export type NewTask = Omit<Prisma.TaskUncheckedCreateWithoutJobInput, 'position'>

interface JobParts {
  /** Whether a key comes with a repository that is imported. */
  readonly hasKey?: boolean | undefined
  /** Whether a repository is accepted that is older than borg knew it. */
  readonly isRolledBack?: boolean | undefined
}

/** The kinds of tasks that a job consists of besides hooks, in order. */
const kindsOf = (kind: JobKind, { hasKey = false, isRolledBack = false }: JobParts): readonly TaskKind[] => {
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
    case 'ACCEPT_REPOSITORY':
      return isRolledBack ? ['ACCEPT_ROLLBACK', 'LIST'] : ['LIST']
  }
}

const conditions = {
  BEFORE: 'UNLESS_FAILED',
  ON_SUCCESS: 'ON_SUCCESS',
  ON_WARNING: 'ON_WARNING',
  ON_FAILURE: 'ON_FAILURE',
  ALWAYS: 'ALWAYS',
} as const

const hookTask = (hook: Hook): NewTask => {
  const { id: hookId, name, moment, command, workingFolder, environmentSealed, timeLimit, stopsOnFailure } = hook
  const settings: HookSettings = { hookId, name, moment, command, workingFolder, environmentSealed }
  return {
    kind: 'HOOK',
    settings,
    timeLimit,
    condition: conditions[moment],
    onFailure: stopsOnFailure ? 'STOP' : 'CONTINUE',
  }
}

/** The hooks of some moments, those that always run last: whatever they put back in order is needed until then. */
const hookTasks = (hooks: readonly Hook[], isAmong: (moment: Hook['moment']) => boolean): readonly NewTask[] => {
  const wanted = hooks.filter(({ moment }) => isAmong(moment)).sort((a, b) => a.position - b.position)
  const [last, first] = [true, false].map((isLast) => wanted.filter(({ moment }) => (moment === 'ALWAYS') === isLast))
  return [...(first ?? []), ...(last ?? [])].map(hookTask)
}

/** The tasks of a new job, in order, each with its policies. */
export const newTasks = (kind: JobKind, { plan, ...parts }: JobParts & { plan?: JobPlan | undefined }): NewTask[] => {
  const tasks = kindsOf(kind, parts).map((kind): NewTask => ({ kind }))
  if (kind !== 'BACKUP' || plan === undefined) return tasks
  const { hooks, retries, retryDelay, timeLimit } = plan
  return [
    ...hookTasks(hooks, (moment) => moment === 'BEFORE'),
    ...tasks.map((task) => (task.kind === 'BACKUP' ? { ...task, retries, retryDelay, timeLimit } : task)),
    ...hookTasks(hooks, (moment) => moment !== 'BEFORE'),
  ]
}
