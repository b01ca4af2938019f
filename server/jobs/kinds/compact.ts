import { defaultThreshold } from '../../borg/compact.ts'
import { defineJob } from './define.ts'

interface Input {
  /** The least share of a segment that is to be freed, in percent. */
  readonly threshold?: number
}

export const compact = defineJob<Input>({
  description: 'Frees the space of what was deleted from a repository.',
  isAwaited: false,
  needsUsableRepository: true,
  scheduledFor: 'REPOSITORY',
  tasks: ({ threshold = defaultThreshold }) => [{ kind: 'COMPACT', settings: { threshold } }],
})
