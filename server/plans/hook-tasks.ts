import type { Hook } from '../../prisma/generated/client/client.ts'
import type { NewTask } from '../jobs/records/kinds.ts'
import type { HookSettings } from './hook-settings.ts'

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
export const hookTasks = (hooks: readonly Hook[], isAmong: (moment: Hook['moment']) => boolean): readonly NewTask[] => {
  const wanted = hooks.filter(({ moment }) => isAmong(moment)).sort((a, b) => a.position - b.position)
  const [last, first] = [true, false].map((isLast) => wanted.filter(({ moment }) => (moment === 'ALWAYS') === isLast))
  return [...(first ?? []), ...(last ?? [])].map(hookTask)
}
