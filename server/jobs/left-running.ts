import type { TaskKind } from '../../prisma/generated/client/client.ts'

/**
 * What to add to a problem where processes of a task could not be ended: nothing, or a sentence after a space. The
 * repository stays as safe as borg’s own lock makes it, which such a borg still holds.
 */
export const sayLeftRunning = (kind: TaskKind, pids: readonly number[]): string => {
  if (pids.length === 0) return ''
  const [processes, they] = pids.length === 1 ? ['Process', 'it'] : ['Processes', 'they']
  const still = kind === 'HOOK' ? 'be at work' : 'hold borg’s lock'
  return ` ${processes} ${pids.join(', ')} could not be ended, not even by SIGKILL: ${they} may still ${still}.`
}
