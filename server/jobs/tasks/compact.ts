import { z } from 'zod'
import { compact as compactCommand, defaultThreshold, freedSize } from '../../borg/compact.ts'
import { readRepositoryConfig } from '../../repositories/files.ts'
import type { SummaryDefinition, SummaryOf } from '../records/kind-definition.ts'
import { defineTask } from './define.ts'
import { onRepository, type RepositoryTaskContext, type RepositoryTaskResult } from './on-repository.ts'
import { completed, resultOf } from './result.ts'

/** What a task of this kind is asked to do; stored in `Task.settings`. */
const compactSettings = z.object({ threshold: z.number().default(defaultThreshold) })

const summary = {
  name: 'CompactSummary',
  description: 'What compacting a repository has freed.',
  figures: {
    freedSize: { type: 'ByteCount', description: 'About how many bytes were freed in the repository.' },
  },
} as const satisfies SummaryDefinition

/** Frees the space of what was deleted. Borg frees nothing in a repository that is append-only, and says nothing of it. */
const free = async ({
  task,
  repository,
  borg,
  journal,
  runBorg,
}: RepositoryTaskContext): Promise<RepositoryTaskResult> => {
  const { threshold } = compactSettings.parse(task.settings ?? {})
  let freed: number | null = null
  const ended = await runBorg(compactCommand(borg, { threshold }), {
    onEvent: (event) => {
      if (event.type === 'activity') journal.progress({ percent: event.percent })
      freed = freedSize(event) ?? freed
    },
  })
  if (ended.failure) return resultOf(ended)
  if (freed !== null) {
    journal.progress({ summary: { freedSize: freed } satisfies SummaryOf<typeof summary> })
    return resultOf(ended)
  }
  const isAppendOnly = (await readRepositoryConfig(repository.location))?.isAppendOnly ?? false
  const problem = isAppendOnly
    ? 'Nothing was freed: the repository is append-only, so borg keeps all that was ever written to it.'
    : 'Borg did not say whether anything was freed.'
  return { ...completed, state: 'COMPLETED_WITH_WARNINGS', problem }
}

export const compact = defineTask({
  description: '`borg compact`: frees the space of what was deleted.',
  summary,
  ...onRepository({ lease: 'REWRITE', opening: 'PART', isThere: true }, free),
})
