import type { Task } from '../../prisma/generated/client/client.ts'
import { hookSettings } from './settings.ts'

/**
 * Says of a job that was cut short which of its hooks for preparing and putting back in order have not done so, each in a
 * sentence: nobody will run them any more. Empty where there are none.
 */
export const missedHooks = (tasks: readonly Pick<Task, 'kind' | 'state' | 'settings'>[]): readonly string[] =>
  tasks.flatMap(({ kind, state, settings }) => {
    const hook = kind === 'HOOK' ? hookSettings.safeParse(settings).data : undefined
    if (hook?.moment !== 'BEFORE' && hook?.moment !== 'ALWAYS') return []
    if (state === 'RUNNING') return `The hook “${hook.name}” was not run to its end.`
    return state === 'PENDING' || state === 'QUEUED' ? `The hook “${hook.name}” was not run.` : []
  })
