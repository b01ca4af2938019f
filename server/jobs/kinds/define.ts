import type { JobKindDefinition } from '../records/kind-definition.ts'

/** What most kinds of jobs are: somebody waits for them, and they make a repository usable rather than need that. */
const usual = {
  isAwaited: true,
  limit: null,
  needsUsableRepository: false,
  setsUpRepository: false,
  isKept: false,
  scheduledFor: null,
} satisfies Partial<JobKindDefinition>

/** A kind of job; what is left out is as usual. */
export const defineJob = <Input>(
  definition: Partial<JobKindDefinition<Input>> & Pick<JobKindDefinition<Input>, 'description' | 'tasks'>,
): JobKindDefinition<Input> => ({ ...usual, ...definition })
