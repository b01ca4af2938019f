import type { TaskKindDefinition } from '../records/kind-definition.ts'
import { wholeArchives } from '../records/what-changed.ts'

/** What most kinds of tasks are: they use no repository, add nothing to one, and are begun unless one before them failed. */
const usual = {
  lease: null,
  runsAfterFailure: false,
  effects: { done: null, unfinished: wholeArchives },
  isRepeated: () => false,
  missed: () => null,
  summary: null,
  isRestricted: false,
} satisfies Partial<TaskKindDefinition>

/** A kind of task; what is left out is as usual. */
export const defineTask = (
  definition: Partial<TaskKindDefinition> & Pick<TaskKindDefinition, 'description' | 'run'>,
): TaskKindDefinition => ({ ...usual, ...definition })
